// The developer's camera: opens VS Code without a screen, does what the options say, saves a picture.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { outputFolder, root } from "../setup/paths.mjs";
import { launchBrowser } from "./browser.ts";
import { extensionLog } from "./logs.ts";
import { type Machine, startServer } from "./server.ts";
import { isTheme, themes } from "./themes.ts";
import { openWindow, type VscodeWindow } from "./window.ts";

const help = `npm run shot -- [options]        takes a picture of the extension, as built in dist, in a real VS Code

  --file PATH          open this file of the folder; may be repeated
  --folder PATH        the folder to open (examples)
  --theme NAME         ${Object.keys(themes).join(", ")} (dark)
  --language ID        display language, such as zh-cn
  --settings JSON      settings, such as '{"attentionLoupe.causal":true}'
  --command NAME       run this command, by id or title; may be repeated
  --goto LINE:COLUMN   put the caret there (from 1)
  --panel              wait until the panel's page is loaded
  --hover LINE:COLUMN  rest the mouse there and wait for a hover
  --wait MS            wait before the picture
  --trust              start in Restricted Mode
  --vsix PATH          install this package instead of loading the working tree
  --extension PATH     load this folder instead of the working tree
  --size WxH           (1400x900)
  --out PATH           (test/output/shot.png)
Prints the text of the hover and of the panel, our errors in the console and our log.`;

const options = {
  file: { type: "string", multiple: true, default: [] as string[] },
  folder: { type: "string", default: "examples" },
  theme: { type: "string", default: "dark" },
  language: { type: "string" },
  settings: { type: "string", default: "{}" },
  command: { type: "string", multiple: true, default: [] as string[] },
  goto: { type: "string" },
  panel: { type: "boolean", default: false },
  hover: { type: "string" },
  wait: { type: "string", default: "0" },
  trust: { type: "boolean", default: false },
  vsix: { type: "string" },
  extension: { type: "string", default: root },
  size: { type: "string", default: "1400x900" },
  out: { type: "string", default: join(outputFolder, "shot.png") },
  help: { type: "boolean", default: false },
} satisfies ParseArgsOptionsConfig;

type Wishes = ReturnType<typeof readWishes>;

function readWishes(args: string[]) {
  return parseArgs({ args, options }).values;
}

export async function takeShot(args: string[], machine: Machine): Promise<void> {
  const wishes = readWishes(args);
  if (wishes.help) return console.log(help);
  if (!wishes.vsix && wishes.extension === root && !existsSync(join(root, "dist", "extension.js"))) {
    throw new Error("dist/extension.js is not there. Run `npm run build` first.");
  }
  const server = await startServer({
    serverFolder: machine.serverFolder,
    settings: { ...JSON.parse(wishes.settings), "workbench.colorTheme": themeOf(wishes) },
    workspaceTrust: wishes.trust,
    ...(wishes.vsix ? {} : { extension: resolve(wishes.extension) }),
    ...(wishes.language ? { language: wishes.language } : {}),
    ...(wishes.vsix ? { install: [resolve(wishes.vsix)] } : {}),
  });
  const browser = await launchBrowser(machine.chromium);
  try {
    const window = await openWindow(browser, server, {
      folder: resolve(wishes.folder),
      size: pair(wishes.size, "x", ([width, height]) => ({ width, height })),
    });
    await act(window, wishes).finally(() => window.screenshot(wishes.out));
    for (const error of window.ownErrors) console.log(`error: ${error}`);
    console.log(extensionLog(server.dataFolder));
    console.log(`Saved ${wishes.out}`);
  } finally {
    await browser.close();
    server.stop();
  }
}

async function act(window: VscodeWindow, wishes: Wishes): Promise<void> {
  for (const file of wishes.file) await (file.endsWith(".ipynb") ? window.openNotebook(file) : window.openFile(file));
  for (const command of wishes.command) await window.runCommand(command);
  if (wishes.goto) await pair(wishes.goto, ":", ([line, column]) => window.goTo(line, column));
  if (wishes.panel) console.log(`panel:\n${await (await window.panelFrame()).locator("body").innerText()}`);
  if (wishes.hover) {
    const hover = await pair(wishes.hover, ":", ([line, column]) => window.hover(line, column));
    console.log(`hover:\n${await hover.innerText()}`);
  }
  await window.page.waitForTimeout(Number(wishes.wait));
}

function themeOf({ theme }: Wishes): string {
  if (isTheme(theme)) return themes[theme];
  throw new Error(`--theme is one of ${Object.keys(themes).join(", ")}, not ${theme}.`);
}

/** Reads two whole numbers with `mark` between them. */
function pair<T>(text: string, mark: string, use: (numbers: [number, number]) => T): T {
  const [first, second, ...rest] = text.split(mark).map(Number);
  if (!Number.isInteger(first) || !Number.isInteger(second) || rest.length > 0) {
    throw new Error(`Expected two numbers with "${mark}" between them, got "${text}".`);
  }
  return use([first as number, second as number]);
}
