import type { Locator, Page } from "playwright-core";

export interface Held {
  /** To so many pixels right of the number's left edge. */
  move(right: number): Promise<void>;
  release(): Promise<void>;
}

/** Takes hold of a number, once it lies still. */
export async function hold(page: Page, number: Locator): Promise<Held> {
  await number.hover({ position: { x: 5, y: 5 } });
  await page.mouse.down();
  const { x, y } = (await number.boundingBox())!;
  return {
    move: (right) => page.mouse.move(x + right, y + 5),
    release: () => page.mouse.up(),
  };
}
