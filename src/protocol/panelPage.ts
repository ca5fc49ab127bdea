/** What a panel's page needs to know of where it lives. */
export interface PanelPage {
  /** URIs that the page may load: `webview.asWebviewUri(…)` of `dist/webview/panel.js` and `dist/webview/styles.css`. */
  readonly script: string;
  readonly style: string;
  /** `webview.cspSource`. */
  readonly cspSource: string;
  /** A fresh random text for each page. */
  readonly nonce: string;
  /** `vscode.env.language`, as BCP 47: `en`, `zh-cn`. */
  readonly language: string;
  /** Shown until the script runs, and read out as the page's title. */
  readonly title: string;
}

/**
 * The panel's HTML: host and test load the same page, under the same policy. Nothing is allowed but what is listed:
 * - `script-src`: our one bundle, by nonce; no `eval`, no inline code.
 * - `style-src`: our sheet, and the toolkit's, which reads the nonce from `<meta property="csp-nonce">`.
 * - `img-src`: pictures that the page made itself (`data:`) or that the user picked (`blob:`).
 */
export function panelPage({ script, style, cspSource, nonce, language, title }: PanelPage): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data: blob:`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" content="${escaped(nonce)}">
<title>${escaped(title)}</title>
<link rel="stylesheet" nonce="${escaped(nonce)}" href="${escaped(style)}">
</head>
<body>
<div id="panel"></div>
<script nonce="${escaped(nonce)}" src="${escaped(script)}"></script>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
