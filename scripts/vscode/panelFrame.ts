// VS Code shows a webview as an iframe inside an iframe; the outer one's address bears the extension's id.
import type { Frame, Page } from "playwright-core";
import { patience } from "./patience.ts";

/** Waits for a webview of the extension and gives the frame with its document. Throws when none comes in time. */
export async function findPanelFrame(
  page: Page,
  { extensionId, timeout = patience }: { readonly extensionId: string; readonly timeout?: number },
): Promise<Frame> {
  const end = Date.now() + timeout;
  while (Date.now() < end) {
    const frame = await visibleFrame(page, extensionId);
    if (frame) return frame;
    await page.waitForTimeout(50);
  }
  const others = webviews(page).map((frame) => new URL(frame.url()).searchParams.get("extensionId"));
  throw new Error(
    `No webview of ${extensionId} was shown within ${timeout / 1000} s; webviews on the screen: ${others.join(", ") || "none"}.`,
  );
}

function webviews(page: Page): Frame[] {
  return page.frames().filter((frame) => frame.url().includes("extensionId="));
}

async function visibleFrame(page: Page, extensionId: string): Promise<Frame | undefined> {
  for (const outer of webviews(page)) {
    if (new URL(outer.url()).searchParams.get("extensionId") !== extensionId) continue;
    const inner = await loadedDocument(outer).catch(() => undefined); // the webview may have gone meanwhile
    if (inner) return inner;
  }
  return undefined;
}

/** VS Code renames the inner iframe to `active-frame` when its document is loaded. */
async function loadedDocument(outer: Frame): Promise<Frame | undefined> {
  const shown = await (await outer.frameElement()).isVisible();
  const inner = shown ? await outer.$("#active-frame") : null;
  return (await inner?.contentFrame()) ?? undefined;
}
