/** Colour themes that VS Code brings along, one of each kind that extensions must look right in. */
export const themes = {
  dark: "Dark Modern",
  light: "Light Modern",
  "high-contrast": "Default High Contrast",
  "high-contrast-light": "Default High Contrast Light",
} as const;

/** What the theme picker calls them. */
export const themeLabels: Record<Theme, string> = {
  dark: "Dark Modern",
  light: "Light Modern",
  "high-contrast": "Dark High Contrast",
  "high-contrast-light": "Light High Contrast",
};

export type Theme = keyof typeof themes;

export function isTheme(name: string): name is Theme {
  return Object.hasOwn(themes, name);
}
