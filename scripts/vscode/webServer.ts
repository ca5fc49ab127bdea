// VS Code as a web page, with our extension among its built-in ones: no server side, extensions run in a web worker.
import { readFile } from "node:fs/promises";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize, sep } from "node:path";

export interface WebVscode {
  readonly address: string;
  stop(): void;
}

export interface WebVscodeOptions {
  /** The files of the web build, as setup gives them. */
  readonly pageFolder: string;
  readonly extension: string;
  readonly settings?: Record<string, unknown>;
}

const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
};

/** Serves the page and the extension's files on a free port. */
export async function startWebVscode(options: WebVscodeOptions): Promise<WebVscode> {
  const server: HttpServer = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    response.setHeader("Access-Control-Allow-Origin", "*");
    content(path, options, (server.address() as AddressInfo).port).then(
      ({ type, body }) => response.setHeader("Content-Type", type).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function content(path: string, { pageFolder, extension, settings }: WebVscodeOptions, port: number) {
  if (path === "/") return { type: "text/html", body: await page(pageFolder, port, settings) };
  const file = path.startsWith("/extension/") ? inside(extension, path.slice(11)) : inside(pageFolder, path);
  return { type: types[extname(file)] ?? "application/octet-stream", body: await readFile(file) };
}

function inside(folder: string, path: string): string {
  const file = normalize(join(folder, path));
  if (!file.startsWith(folder + sep)) throw new Error(`${path} is outside`);
  return file;
}

async function page(folder: string, port: number, settings: Record<string, unknown> = {}): Promise<string> {
  const configuration = {
    additionalBuiltinExtensions: [{ scheme: "http", authority: `localhost:${port}`, path: "/extension" }],
    configurationDefaults: {
      "chat.disableAIFeatures": true,
      "security.workspace.trust.enabled": false,
      "workbench.startupEditor": "none",
      ...settings,
    },
    productConfiguration: {
      nameShort: "Code",
      nameLong: "Code",
      applicationName: "code",
      dataFolderName: ".vscode-web",
      version: "1.137.0",
      webviewContentExternalBaseUrlTemplate: `http://{{uuid}}.localhost:${port}/out/vs/workbench/contrib/webview/browser/pre/`,
    },
  };
  const html = await readFile(join(folder, "index.html"), "utf8");
  return html
    .replace("{{WORKBENCH_WEB_CONFIGURATION}}", JSON.stringify(configuration).replaceAll('"', "&quot;"))
    .replace("{{WORKBENCH_AUTH_SESSION}}", "");
}
