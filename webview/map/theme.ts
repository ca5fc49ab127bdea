/** Colours of the canvas, from the theme: a canvas does not see style sheets. */
export interface MapTheme {
  readonly foreground: string;
  readonly faint: string;
  readonly background: string;
  readonly accent: string;
  readonly border: string;
  readonly font: string;
}

export function themeOf(element: Element): MapTheme {
  const style = getComputedStyle(element);
  const color = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  return {
    foreground: color("--loupe-foreground", "#ccc"),
    faint: color("--loupe-faint", "#888"),
    background: color("--loupe-background", "#1e1e1e"),
    accent: color("--loupe-accent", "#3794ff"),
    border: color("--loupe-border", "#555"),
    font: style.fontFamily || "sans-serif",
  };
}

/** Calls `changed` when VS Code switches the theme: it does so by attributes of `html` and `body`. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style", "class"] });
  observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
  return () => observer.disconnect();
}
