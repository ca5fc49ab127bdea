/** Where in a grid of so many columns, counted row by row, a key leads from `at`; undefined where it is no arrow key. */
export function arrowTarget(key: string, at: number, columns: number): number | undefined {
  return { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - columns, ArrowDown: at + columns }[key];
}
