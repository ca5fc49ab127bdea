/** Kinds of colour theme. The theme's own colours do not reach inside an image, so pictures are drawn for a kind. */
export type Theme = "light" | "dark" | "highContrast" | "highContrastLight";

export interface ThemeColors {
  /** Lines and letters. */
  readonly ink: string;
  /** Letters of the marked part, at least 7:1 on `box`. */
  readonly accent: string;
  /** Behind the marked part. */
  readonly box: string;
  /** Around the marked part, where colours alone must not carry meaning. */
  readonly outline: string | null;
}

export function themeColors(theme: Theme): ThemeColors {
  const colors: Record<Theme, ThemeColors> = {
    light: { ink: "#3b3b3b", accent: "#003a70", box: "#cfe6ff", outline: null },
    dark: { ink: "#d4d4d4", accent: "#ffffff", box: "#0b5394", outline: null },
    highContrast: { ink: "#ffffff", accent: "#ffffff", box: "none", outline: "#f38518" },
    highContrastLight: { ink: "#292929", accent: "#292929", box: "none", outline: "#0f4a85" },
  };
  return colors[theme];
}
