export function userTexts(root: string): {
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly notLiteral: readonly string[];
};
