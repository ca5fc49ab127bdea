// VS Code for end-to-end tests. Servers are dear to start: one for each language and trust, shared by all test files.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { outputFolder, root } from "../../../scripts/setup/paths.mjs";
import { prepareVscode } from "../../../scripts/setup.mjs";
import { copyOfExamples } from "../../../scripts/testing/workspace.ts";
import { launchBrowser } from "../../../scripts/vscode/browser.ts";
import { extensionLog } from "../../../scripts/vscode/logs.ts";
import { type Machine, type Server, type Settings, startServer } from "../../../scripts/vscode/server.ts";
import { type Theme, themes } from "../../../scripts/vscode/themes.ts";
import { openWindow, type VscodeWindow } from "../../../scripts/vscode/window.ts";

export interface Wishes {
  readonly settings?: Settings;
  readonly theme?: Theme;
  readonly language?: string;
  /** Start in Restricted Mode. */
  readonly restricted?: boolean;
  readonly size?: { readonly width: number; readonly height: number };
}

export interface Vscode {
  /** The window; there from the first test on. */
  readonly window: VscodeWindow;
  /** The folder that it shows: a copy of the examples, for this suite alone. */
  readonly folder: string;
  readonly server: Server;
}

class Shared {
  readonly #machine: Machine = prepareVscode();
  readonly #servers = new Map<string, Promise<Server>>();
  #browser: Promise<Browser> | undefined;

  browser(): Promise<Browser> {
    this.#browser ??= launchBrowser(this.#machine.chromium);
    return this.#browser;
  }

  server({ language, restricted = false }: Wishes): Promise<Server> {
    const key = `${language} ${restricted}`;
    const { serverFolder } = this.#machine;
    const server =
      this.#servers.get(key) ??
      startServer({ serverFolder, extension: root, workspaceTrust: restricted, ...(language ? { language } : {}) });
    this.#servers.set(key, server);
    return server;
  }

  async end(): Promise<void> {
    await (await this.#browser)?.close();
    for (const server of this.#servers.values()) (await server).stop();
  }
}

const shared = new Shared();
after(() => shared.end()); // of the whole run: this file is not inside a `describe`

/**
 * Gives the tests of a `describe` a window of VS Code with the extension; a test that fails leaves a picture and our log.
 * Its second try has a window and a folder of its own: nothing that the first one left stands in its way.
 *
 * @param prepare brings every fresh window to where the tests begin
 */
export function useVscode(wishes: Wishes = {}, prepare: () => Promise<unknown> = async () => {}): Vscode {
  let current: Vscode | undefined;
  const get = (): Vscode => {
    if (!current) throw new Error("VS Code is there only while tests run.");
    return current;
  };
  async function open(): Promise<void> {
    const server = await shared.server(wishes);
    const folder = copyOfExamples();
    const size = wishes.size ? { size: wishes.size } : {};
    server.setSettings({ ...wishes.settings, "workbench.colorTheme": themes[wishes.theme ?? "dark"] });
    const window = await openWindow(await shared.browser(), server, {
      folder,
      ...size,
    });
    current = { window, folder, server };
    await prepare();
  }
  async function leavePicture(title: string): Promise<void> {
    const { window, server } = get();
    const place = placeFor(title);
    await window.screenshot(`${place}.png`);
    writeFileSync(`${place}.log`, [...window.ownErrors, extensionLog(server.dataFolder)].join("\n"));
  }
  before(open);
  beforeEach(async function () {
    const test = this.currentTest as (Mocha.Test & { currentRetry(): number }) | undefined;
    if (!test || test.currentRetry() === 0) return;
    await leavePicture(`${test.fullTitle()} at first`);
    await current?.window.close();
    await open();
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await leavePicture(this.currentTest.fullTitle());
  });
  after(async () => {
    await current?.window.close();
  });
  return {
    get window() {
      return get().window;
    },
    get folder() {
      return get().folder;
    },
    get server() {
      return get().server;
    },
  };
}

function placeFor(title: string): string {
  return join(outputFolder, "e2e", title.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 120));
}
