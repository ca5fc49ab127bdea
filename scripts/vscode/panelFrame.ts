// VS Code shows a webview as an iframe inside an iframe; the outer one's address bears the extension's id.
import type { Frame, Page } from "playwright-core";
import { patience } from "./patience.ts";

export interface WantedPanel {
  /** Where it lies. A fresh window shows the side bar's by itself, early, late or never: which is meant must be said. */
  readonly part?: "auxiliarybar" | "editor";
  /** The file whose name it shows; left out: any, or none. */
  readonly file?: string;
  readonly extensionId?: string;
  readonly timeout?: number;
}

/** Waits for a panel in this part of the workbench, the side bar when left out, and gives the frame with its document. */
export async function findPanelFrame(
  page: Page,
  {
    part = "auxiliarybar",
    file,
    extensionId = "attention-loupe.attention-loupe",
    timeout = patience,
  }: WantedPanel = {},
): Promise<Frame> {
  const end = Date.now() + timeout;
  while (Date.now() < end) {
    for (const outer of webviews(page, extensionId)) {
      const inner = await loadedDocument(outer, part).catch(() => undefined); // the webview may have gone meanwhile
      if (inner && (file === undefined || (await shownFile(inner)) === file)) return inner;
    }
    await page.waitForTimeout(50);
  }
  const others = await Promise.all(webviews(page, extensionId).map(described));
  throw new Error(
    `No panel${file ? ` about ${file}` : ""} was shown in ${part} within ${timeout / 1000} s; on the screen: ${others.join(", ") || "none"}.`,
  );
}

function webviews(page: Page, extensionId: string): Frame[] {
  return page
    .frames()
    .filter((frame) => frame.url().includes("extensionId="))
    .filter((frame) => new URL(frame.url()).searchParams.get("extensionId") === extensionId);
}

/** VS Code renames the inner iframe to `active-frame` when its document is loaded. */
async function loadedDocument(outer: Frame, part: string): Promise<Frame | undefined> {
  const inner = (await isShownIn(outer, part)) ? await outer.$("#active-frame") : null;
  return (await inner?.contentFrame()) ?? undefined;
}

/** Panels behind other tabs keep their frames for a moment; all frames lie over the workbench, not in its parts. */
async function isShownIn(outer: Frame, part: string): Promise<boolean> {
  const element = await outer.frameElement();
  const [inside, around] = await Promise.all([
    element.boundingBox(),
    outer.page().locator(`.monaco-workbench .part.${part}`).boundingBox({ timeout: 1000 }),
  ]);
  if (!(inside && around && (await element.isVisible()))) return false;
  const middle = inside.x + inside.width / 2;
  return around.x < middle && middle < around.x + around.width;
}

function shownFile(panel: Frame): Promise<string> {
  const name = panel.locator(".source-name .link").first();
  return name.innerText({ timeout: 500 }).catch(() => "");
}

async function described(outer: Frame): Promise<string> {
  const box = await outer.frameElement().then(
    (element) => element.boundingBox(),
    () => null,
  );
  const inner = outer.childFrames()[0];
  return `"${inner ? await shownFile(inner) : ""}" at ${box ? `x ${Math.round(box.x)}, ${Math.round(box.width)} wide` : "nowhere"}`;
}
