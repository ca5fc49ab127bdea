// One VS Code window in the browser, driven as a person would: keys, mouse, what is on the screen.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Browser, BrowserContext, ConsoleMessage, Frame, Locator, Page } from "playwright-core";
import { findPanelFrame, type WantedPanel } from "./panelFrame.ts";
import { patience } from "./patience.ts";
import type { Server } from "./server.ts";
import { type Theme, themeLabels } from "./themes.ts";

export interface WindowOptions {
  /** The folder to open, absolute. */
  readonly folder: string;
  /** A file of it to open at once, absolute. */
  readonly file?: string;
  /** A module whose `run()` the extension host calls, absolute. */
  readonly tests?: string;
  readonly size?: { readonly width: number; readonly height: number };
}

/** Opens a window and waits until the workbench stands. */
export async function openWindow(browser: Browser, server: Server, options: WindowOptions): Promise<VscodeWindow> {
  const context = await browser.newContext({
    viewport: options.size ?? { width: 1400, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const window = new VscodeWindow(context, page);
  await page.goto(windowAddress(server, options));
  await page.locator(".monaco-workbench .part.editor").waitFor();
  await page.locator(".part.statusbar .statusbar-item").first().waitFor();
  return window;
}

/** The address at which the server shows `folder` with the extension under development. */
export function windowAddress({ address, extension }: Server, { folder, file, tests }: WindowOptions): string {
  const remote = (path: string) => `vscode-remote://${new URL(address).host}${asUriPath(path)}`;
  const payload = [
    ...(extension ? [["extensionDevelopmentPath", remote(extension)]] : []),
    ...(file ? [["openFile", remote(file)]] : []),
    ...(tests ? [["extensionTestsPath", remote(tests)]] : []),
  ];
  const query = new URLSearchParams({ folder: asUriPath(folder) });
  if (payload.length > 0) query.set("payload", JSON.stringify(payload));
  return `${address}/?${query}`;
}

function asUriPath(path: string): string {
  return path.startsWith("/") ? path : `/${path.replaceAll("\\", "/")}`;
}

export class VscodeWindow {
  readonly page: Page;
  /** All errors that pages and the extension host wrote to the browser's console; a healthy VS Code has many. */
  readonly consoleErrors: string[] = [];
  readonly #context: BrowserContext;

  constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on("console", (message) => this.#keepError(message));
    page.on("pageerror", (error) => this.consoleErrors.push(error.stack ?? error.message));
  }

  #keepError(message: ConsoleMessage): void {
    if (message.type() === "error") this.consoleErrors.push(`${message.text()} (${message.location().url})`);
  }

  /** Opens a text file of the folder by its path in it, as quick open finds it. */
  async openFile(path: string): Promise<void> {
    await this.#quickOpen(path);
    await this.page.locator(".editor-group-container.active .view-line").first().waitFor();
  }

  /** Opens a notebook of the folder, and waits for the code of its cells. */
  async openNotebook(path: string): Promise<void> {
    await this.#quickOpen(path);
    // It lies over the editor group, not in it.
    await this.page.locator(".notebookOverlay .view-line").first().waitFor();
  }

  async #quickOpen(path: string): Promise<void> {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const found = this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: name });
    // Quick open does not look again for a file that was written after it had looked.
    for (const end = Date.now() + patience; Date.now() < end; ) {
      await this.#quickInput("Control+P", path);
      if (await comes(found, 5000)) break;
    }
    await found.waitFor({ timeout: 5000 });
    await this.page.keyboard.press("Enter");
    await this.editorTab(name).waitFor();
  }

  editorTab(name: string): Locator {
    return this.page.locator(`.tab.active[data-resource-name="${name}"]`);
  }

  /** Runs a command from the palette, by its title ("Attention: Run on This File") or its id. It may ask on. */
  async runCommand(titleOrId: string): Promise<void> {
    const first = this.page.locator(".quick-input-list .monaco-list-row.focused");
    // A fresh window knows the commands of extensions only after it has read their manifests.
    for (const end = Date.now() + patience; ; ) {
      await this.#quickInput("F1", `>${titleOrId}`);
      await first.waitFor();
      if (!/^(No matching|没有匹配)/.test((await first.innerText()).trim())) break;
      if (Date.now() > end) throw new Error(`The command palette has no command "${titleOrId}".`);
      await this.page.waitForTimeout(500);
    }
    await this.page.keyboard.press("Enter");
    await this.page.waitForFunction((typed) => {
      const input = document.querySelector<HTMLInputElement>(".quick-input-widget .quick-input-box input");
      return !input?.checkVisibility() || input.value !== typed;
    }, `>${titleOrId}`);
  }

  /** Picks a colour theme as the user does. */
  async selectTheme(theme: Theme): Promise<void> {
    await this.runCommand("workbench.action.selectTheme");
    const input = this.page.locator(".quick-input-widget .quick-input-box input");
    await input.fill(themeLabels[theme]);
    await this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: themeLabels[theme] }).waitFor();
    await this.page.keyboard.press("Enter");
    await input.waitFor({ state: "hidden" });
  }

  /** Opens a quick input with a key and types into it. The key is lost while a former one is still closing. */
  async #quickInput(key: string, text: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget .quick-input-box input");
    const typeIt = () =>
      input.fill(text, { timeout: 2000 }).then(
        () => true,
        () => false,
      );
    for (const end = Date.now() + patience; Date.now() < end; ) {
      if (await input.isVisible()) await this.page.keyboard.press("Escape");
      await input.waitFor({ state: "hidden" });
      await this.page.keyboard.press(key);
      if (await typeIt()) return;
      await this.page.keyboard.press("Escape"); // a menu that is open keeps the key to itself
    }
    throw new Error(`The quick input for "${text}" did not open with ${key}.`);
  }

  /** Puts the caret at a place of the active editor, which has the focus then; lines and columns from 1, as VS Code shows them. */
  async goTo(line: number, column: number): Promise<void> {
    await this.#quickInput("Control+G", `:${line}:${column}`);
    await this.page.keyboard.press("Enter");
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
    await this.page.locator(".editor-group-container.active .monaco-editor.focused").first().waitFor();
  }

  /**
   * Rests the mouse on a place of the active editor until a hover (with `text` in it, if given) is there; lines and
   * columns from 1. Moves the mouse again while none comes, since the extension may still be starting.
   */
  async hover(line: number, column: number, { text = "" } = {}): Promise<Locator> {
    await this.goTo(line, column);
    const hover = this.page.locator(".monaco-hover:visible", { hasText: text }).filter({ hasNotText: /^Loading/ });
    const end = Date.now() + patience;
    while (Date.now() < end) {
      const { x, y } = await this.#caretPlace();
      await this.page.mouse.move(x + 3, y);
      await this.page.mouse.move(x + 4, y);
      if (await comes(hover, 5000)) return hover.first();
      await this.page.mouse.move(0, 0);
    }
    const shown = await this.page.locator(".monaco-hover:visible").allInnerTexts();
    throw new Error(
      `No hover ${text && `with "${text}" `}came at ${line}:${column}; shown: ${shown.join(" | ") || "none"}.`,
    );
  }

  /** Measured anew for each use: a lens that comes late moves the line. */
  async #caretPlace(): Promise<{ x: number; y: number }> {
    const caret = this.page.locator(".editor-group-container.active .monaco-editor.focused .cursor").first();
    const box = await caret.boundingBox();
    if (!box) throw new Error("The caret of the active editor is not on the screen.");
    return { x: box.x, y: box.y + box.height / 2 };
  }

  /** The document inside our panel's webview, once it is loaded. Throws when there is none. */
  panelFrame(wanted: WantedPanel = {}): Promise<Frame> {
    return findPanelFrame(this.page, wanted);
  }

  /** Those of the console's errors that name our files: an exception in the extension, a page that broke its CSP. */
  get ownErrors(): string[] {
    return this.consoleErrors.filter((error) =>
      /dist\/(extension|worker|web|webview)|extensionId=attention-loupe/.test(error),
    );
  }

  async screenshot(path: string): Promise<void> {
    mkdirSync(dirname(path), { recursive: true });
    await this.page.waitForTimeout(250); // what fades in has come by then
    await this.page.screenshot({ path });
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}

async function comes(locator: Locator, timeout: number): Promise<boolean> {
  return locator
    .first()
    .waitFor({ timeout })
    .then(
      () => true,
      () => false,
    );
}
