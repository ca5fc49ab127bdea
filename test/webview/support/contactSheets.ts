import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { ensureChromium } from "../../../scripts/setup/chromium.mjs";
import { launchBrowser } from "../../../scripts/vscode/browser.ts";

/** A sheet is about so wide, in pixels: four panels of a narrow view stand on it side by side. */
const sheetWidth = 1400;

/** Puts the pictures of one scene and width on one sheet, so that all its themes and languages are seen at a glance. */
export async function makeSheets(folder: string, widths: readonly number[]): Promise<void> {
  const browser = await launchBrowser(ensureChromium(console.log));
  try {
    const page = await browser.newPage({ viewport: { width: sheetWidth, height: 600 } });
    for (const width of widths) {
      for (const [scene, files] of scenes(folder, width))
        await makeSheet(page, folder, `sheet-${scene}-${width}`, files);
    }
  } finally {
    await browser.close();
  }
}

/** The pictures of a width by the scene that they show. */
function scenes(folder: string, width: number): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of readdirSync(folder).sort()) {
    const scene = file.startsWith("panel-") ? file.slice("panel-".length).split(`-${width}-`) : [];
    if (scene.length === 2) found.set(scene[0]!, [...(found.get(scene[0]!) ?? []), file]);
  }
  return found;
}

async function makeSheet(page: Page, folder: string, name: string, files: readonly string[]): Promise<void> {
  const pictures = files.map((file) => {
    const data = readFileSync(join(folder, file)).toString("base64");
    return `<figure><img src="data:image/png;base64,${data}"><figcaption>${file}</figcaption></figure>`;
  });
  await page.setContent(`<style>body { margin: 0; display: flex; flex-wrap: wrap; gap: 8px; font: 11px sans-serif }
    figure { margin: 0 } img { display: block; max-width: ${sheetWidth / 2 - 8}px }</style>${pictures.join("")}`);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
