import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import * as esbuild from "esbuild";
import type { Browser, Frame, Page } from "playwright-core";
import { patience } from "../../../scripts/vscode/patience.ts";
import type { PanelIntent } from "../../../src/protocol/panel.ts";
import { panelPage } from "../../../src/protocol/panelPage.ts";
import { fonts, type ThemeName, themes } from "./themes.ts";

const root = join(import.meta.dirname, "../../..");

/** Serves the built panel as VS Code does: a page under its strict policy inside a frame, its host outside. */
export class PanelServer {
  readonly #server: Server;
  readonly #hostWorker: string;
  readonly #built: string;

  private constructor(server: Server, hostWorker: string, built: string) {
    this.#built = built;
    this.#server = server;
    this.#hostWorker = hostWorker;
  }

  /**
   * @param built where the bundles of the panel are; PANEL_DIST names another folder, for work on the page alone
   * @param worker the script that plays the extension host
   */
  static async start(
    built = process.env.PANEL_DIST ?? join(root, "dist/webview"),
    worker = join(import.meta.dirname, "hostWorker.ts"),
  ): Promise<PanelServer> {
    const host = await esbuild.build({
      entryPoints: [worker],
      bundle: true,
      format: "iife",
      write: false,
      logLevel: "error",
    });
    const server = createServer();
    const made = new PanelServer(server, host.outputFiles[0]!.text, built);
    server.on("request", (request, response) => {
      const [type, body] = made.#answer(new URL(request.url!, "http://localhost").pathname);
      response.writeHead(body === undefined ? 404 : 200, { "content-type": type });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return made;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #answer(path: string): [type: string, body: string | Buffer | undefined] {
    switch (path) {
      case "/":
        return ["text/html", outerPage];
      case "/panel":
        return ["text/html", this.#panel()];
      case "/panel.js":
      case "/styles.css":
        return [path.endsWith("css") ? "text/css" : "text/javascript", readFileSync(join(this.#built, path))];
      case "/hostWorker.js":
        return ["text/javascript", this.#hostWorker];
      case "/favicon.ico":
        return ["image/x-icon", ""];
      default:
        return ["text/plain", undefined];
    }
  }

  #panel(): string {
    const { origin } = this;
    const files = { script: `${origin}/panel.js`, style: `${origin}/styles.css` };
    return panelPage({
      ...files,
      cspSource: origin,
      nonce: "fixedForTheTest",
      language: "en",
      title: "Attention Loupe",
    });
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const outerPage = `<!DOCTYPE html><title>host</title>
<style>html, body { margin: 0; height: 100% } iframe { border: 0; width: 100%; height: 100%; display: block }</style>
<iframe title="panel"></iframe>
<script>
  const frame = document.querySelector("iframe");
  const host = new Worker("/hostWorker.js");
  const { latency, ...start } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
  // A wire as slow as a busy machine's or a remote one's; what was sent first arrives first.
  const afterAWhile = (send) => (latency > 0 ? setTimeout(send, latency) : send());
  window.intents = [];
  window.failures = [];
  window.heard = 0;
  window.largest = 0;
  // Typed arrays by their bytes, all else by its JSON.
  const sizeOf = (x) =>
    ArrayBuffer.isView(x) ? x.byteLength
    : Array.isArray(x) ? x.reduce((sum, each) => sum + sizeOf(each), 2)
    : typeof x === "object" && x !== null ? Object.values(x).reduce((sum, each) => sum + sizeOf(each) + 10, 2)
    : String(x).length;
  window.tell = (message) => host.postMessage(message);
  host.postMessage({ type: "start", ...start });
  const post = ({ data }) => frame.contentWindow.postMessage(data, "*");
  host.onmessage = (event) => {
    window.largest = Math.max(window.largest, sizeOf(event.data));
    afterAWhile(() => post(event));
  };
  window.addEventListener("message", ({ data }) => {
    if (data.type === "heard") return void window.heard++;
    if (data.type === "intent") window.intents.push(data.intent);
    if (data.type === "failure") window.failures.push(data.text);
    afterAWhile(() => host.postMessage(data));
  });
  frame.src = "/panel";
</script>`;

export interface PanelOptions {
  readonly scenario: string | null;
  readonly width?: number;
  readonly height?: number;
  readonly theme?: ThemeName;
  readonly locale?: string;
  readonly strings?: Record<string, string>;
  readonly reducedMotion?: boolean;
  /** Milliseconds that every message takes, either way. PANEL_LATENCY sets it for a whole run of the tests. */
  readonly latency?: number;
  /** Runs in the page before its own scripts. */
  readonly prepare?: () => void;
}

/** An open panel with its fake host; errors, policy violations and failures it reported are kept. */
export class OpenPanel {
  readonly page: Page;
  readonly frame: Frame;
  readonly errors: string[];

  constructor(page: Page, frame: Frame, errors: string[]) {
    this.page = page;
    this.frame = frame;
    this.errors = errors;
  }

  /** What the panel has told its host so far, to its last message. */
  async intents(): Promise<PanelIntent[]> {
    await this.#heard();
    return this.page.evaluate(() => (globalThis as unknown as { intents: PanelIntent[] }).intents);
  }

  /** Waits until the page has sent an intent of this kind: messages between frames take their time. */
  async sent(kind: PanelIntent["kind"]): Promise<void> {
    await this.page.waitForFunction(
      (wanted) =>
        (globalThis as unknown as { intents: PanelIntent[] }).intents.some((intent) => intent.kind === wanted),
      kind,
    );
  }

  /** Bytes of the largest message that the host has sent. */
  largestMessage(): Promise<number> {
    return this.page.evaluate(() => (globalThis as unknown as { largest: number }).largest);
  }

  /** Everything that went wrong in the page. */
  async troubles(): Promise<string[]> {
    await this.#heard();
    const failures = await this.page.evaluate(() => (globalThis as unknown as { failures: string[] }).failures);
    return [...this.errors, ...failures];
  }

  /** Waits until the host has everything that the panel sent: messages between frames keep their order. */
  async #heard(): Promise<void> {
    const before = await this.page.evaluate(() => (globalThis as unknown as { heard: number }).heard);
    await this.frame.evaluate(async () => {
      for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
      window.parent.postMessage({ type: "heard" }, "*");
    });
    await this.page.waitForFunction((count) => (globalThis as unknown as { heard: number }).heard > count, before);
  }

  tell(message: object): Promise<void> {
    return this.page.evaluate((sent) => (globalThis as unknown as { tell(m: object): void }).tell(sent), message);
  }

  /** The page starts anew, as after the window was opened again; what it kept is there. */
  async reload(): Promise<void> {
    const gone = this.page.waitForEvent("framenavigated", (frame) => frame === this.frame);
    await this.frame.evaluate(() => void setTimeout(() => location.reload()));
    await gone;
    await this.frame.locator("main:not([aria-busy])").waitFor();
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

export async function openPanel(browser: Browser, server: PanelServer, options: PanelOptions): Promise<OpenPanel> {
  const { width = 700, height = 900, theme = "dark", reducedMotion = false } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    reducedMotion: reducedMotion ? "reduce" : "no-preference",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error.stack ?? error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.text().includes("Content Security Policy")) errors.push(message.text());
  });
  await page.addInitScript(prepareWebview, { ...themes[theme], fonts });
  if (options.prepare) await page.addInitScript(options.prepare);
  const { scenario, locale = "en", strings = {}, latency = Number(process.env.PANEL_LATENCY ?? 0) } = options;
  const start = { scenario, locale, strings, latency };
  await page.goto(`${server.origin}/#${encodeURIComponent(JSON.stringify(start))}`);
  const frame = (await (await page.waitForSelector("iframe[src='/panel']")).contentFrame())!;
  await frame.locator("main:not([aria-busy])").waitFor();
  return new OpenPanel(page, frame, errors);
}

/** What VS Code puts into a webview before its own scripts run: the API and the theme. */
function prepareWebview(theme: { kind: string; colors: Record<string, string>; fonts: Record<string, string> }): void {
  if (window.parent === window) return;
  let state: unknown = JSON.parse(sessionStorage.getItem("state") ?? "null") ?? undefined;
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => window.parent.postMessage(message, "*"),
      getState: () => state,
      setState: (next: unknown) => {
        state = next;
        sessionStorage.setItem("state", JSON.stringify(next));
      },
    }),
  });
  // Before the page hears of these keys, VS Code has taken their default away.
  window.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && /^[yz]$/i.test(event.key)) event.preventDefault();
  });
  document.addEventListener("DOMContentLoaded", () => {
    for (const [name, value] of Object.entries({ ...theme.colors, ...theme.fonts }))
      document.documentElement.style.setProperty(name, value);
    document.body.classList.add(theme.kind);
    if (theme.kind === "vscode-high-contrast-light") document.body.classList.add("vscode-high-contrast");
    document.body.dataset.vscodeThemeKind = theme.kind;
  });
}
