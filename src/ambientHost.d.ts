/** What the extension host has on every platform beyond `ambient.d.ts`, and the modules that the build chooses or makes. */

declare function setTimeout(callback: () => void, milliseconds: number): unknown;
declare function clearTimeout(timer: unknown): void;
declare function setInterval(callback: () => void, milliseconds: number): unknown;
declare function clearInterval(timer: unknown): void;

declare module "#platform" {
  export const startCore: import("./platform/contract.ts").StartCore;
}

/** Typeset while building (scripts/typesetFormulas.mjs). Import it when the first hover needs it, not before. */
declare module "#formulas" {
  type Typeset = import("./explain/markdown/formulaPicture.ts").TypesetFormulas;
  export const glyphs: Typeset["glyphs"];
  export const formulas: Typeset["formulas"];
}

declare const crypto: { getRandomValues(into: Uint8Array): Uint8Array };

/** User Timing: in Node as in browsers. */
declare const performance: {
  now(): number;
  measure(name: string, options: { readonly start: number }): unknown;
  clearMeasures(name: string): void;
};
