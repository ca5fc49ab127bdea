/** Colours of the canvas, from the theme: a canvas does not see style sheets. */
export interface MapTheme {
  readonly foreground: string;
  readonly faint: string;
  readonly background: string;
  readonly accent: string;
  readonly border: string;
  readonly font: string;
}

/** The theme as it is now: read once, for reading it makes the browser lay out the page, and again when it changes. */
export class ThemeWatch {
  readonly #changed = new Set<() => void>();
  #theme: MapTheme | null = null;

  constructor() {
    // VS Code switches the theme by attributes of `html` and `body`.
    const observer = new MutationObserver(() => this.#forget());
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style", "class"] });
    observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
  }

  /** The same object as long as the theme is the same. */
  get current(): MapTheme {
    this.#theme ??= themeNow();
    return this.#theme;
  }

  subscribe(changed: () => void): () => void {
    this.#changed.add(changed);
    return () => this.#changed.delete(changed);
  }

  #forget(): void {
    this.#theme = null;
    for (const changed of this.#changed) changed();
  }
}

function themeNow(): MapTheme {
  const style = getComputedStyle(document.body);
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
