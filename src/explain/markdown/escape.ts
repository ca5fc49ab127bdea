/**
 * Any text as Markdown that shows exactly this text, on one line, in a paragraph as in a table cell: every ASCII
 * punctuation mark becomes a character reference, so that nothing can be syntax, an address, a theme icon or HTML.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n\t\v\f\u2028\u2029]+/g, " ")
    .replace(/[!-/:-@[-`{-~]/g, (mark) => (safe.has(mark) ? mark : `&#${mark.charCodeAt(0)};`));
}

/** Marks that mean nothing to Markdown between words. Not the point: `www.` would become a link. */
const safe = new Set([",", ";", "'", "%"]);

/** The percent-encoding of RFC 3986 with the marks that Markdown or VS Code would read into an address. */
export function escapeUri(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** An SVG as the rest of a `data:` address: only what an address or Markdown cannot hold is percent-encoded. */
export function escapeSvg(svg: string): string {
  return svg.replace(/[^\w\-.~:/?@,;='+$&]/gu, (mark) => escapeUri(mark));
}
