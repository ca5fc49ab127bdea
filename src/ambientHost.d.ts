/** What the extension host has on every platform beyond `ambient.d.ts`, and the one module that the build chooses. */

declare function setTimeout(callback: () => void, milliseconds: number): unknown;
declare function clearTimeout(timer: unknown): void;

declare module "#platform" {
  export const startCore: import("./platform/contract.ts").StartCore;
}
