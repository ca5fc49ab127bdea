import { env, Uri, type Webview, type WebviewOptions } from "vscode";
import { panelPage } from "../../protocol/panelPage.ts";

/** The folder that a page may load from, and nothing else. */
function pageFolder(extension: Uri): Uri {
  return Uri.joinPath(extension, "dist", "webview");
}

export function pageOptions(extension: Uri): WebviewOptions {
  return { enableScripts: true, localResourceRoots: [pageFolder(extension)] };
}

/** The HTML of a panel in this webview. */
export function pageHtml(webview: Webview, extension: Uri, title: string): string {
  const address = (name: string) => webview.asWebviewUri(Uri.joinPath(pageFolder(extension), name)).toString();
  const { cspSource } = webview;
  const { language } = env;
  return panelPage({
    script: address("panel.js"),
    style: address("styles.css"),
    cspSource,
    nonce: nonce(),
    language,
    title,
  });
}

/** 128 random bits: a text that nobody can guess in advance. */
function nonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
