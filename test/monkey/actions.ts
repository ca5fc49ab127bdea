import type { Frame, Locator, Page } from "playwright-core";

/** A thing that a hand may do in the panel or the editor beside it. */
export interface Action {
  readonly name: string;
  /** How often, against the others. */
  readonly weight: number;
  /** Resolves to what exactly was done. */
  run(hands: Hands): Promise<string>;
}

export interface Hands {
  readonly page: Page;
  readonly panel: Frame;
  /** 0 ≤ x < 1, from the seed. */
  random(): number;
}

const keys = [
  "ArrowUp",
  "ArrowDown",
  "ArrowLeft",
  "ArrowRight",
  "Home",
  "End",
  "Control+Home",
  "Control+End",
  "PageDown",
  "1",
  "2",
  "3",
  "4",
  "5",
  "[",
  "]",
  "+",
  "-",
  "0",
  "t",
  "Escape",
  "m",
  "x",
  "p",
  "?",
  "Escape",
  "Enter",
];
/** Buttons that lead out of the panel into dialogs of the system, which no test can close. */
const leavesPanel = /…$|HEAD|Insert|Copy|Pick|Run on|Open|editor/i;

export const actions: readonly Action[] = [
  { name: "press a key", weight: 30, run: pressKey },
  { name: "click a cell", weight: 15, run: (hands) => onMap(hands, ({ page }, x, y) => page.mouse.click(x, y)) },
  { name: "point", weight: 10, run: (hands) => onMap(hands, ({ page }, x, y) => page.mouse.move(x, y, { steps: 5 })) },
  { name: "zoom", weight: 6, run: (hands) => onMap(hands, zoomAt) },
  { name: "drag the map", weight: 4, run: (hands) => onMap(hands, dragFrom) },
  { name: "press a button", weight: 18, run: pressButton },
  { name: "move a slider", weight: 5, run: moveSlider },
  { name: "edit the text", weight: 10, run: editText },
  { name: "undo in the editor", weight: 4, run: undoInEditor },
];

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)]!;
}

/** One action, chosen by weight. */
export function chooseAction(random: () => number): Action {
  const total = actions.reduce((sum, { weight }) => sum + weight, 0);
  let rest = random() * total;
  for (const action of actions) {
    rest -= action.weight;
    if (rest < 0) return action;
  }
  return actions[0]!;
}

async function pressKey({ panel, random }: Hands): Promise<string> {
  const key = pick(keys, random);
  const cell = panel.locator('[role="gridcell"][tabindex="0"]');
  const target = (await cell.count()) > 0 && random() < 0.8 ? cell.first() : panel.locator("body");
  await target.press(key, { timeout: 2000 });
  return key;
}

async function onMap(hands: Hands, act: (hands: Hands, x: number, y: number) => Promise<void>): Promise<string> {
  const box = await hands.panel.locator(".map-plot").boundingBox({ timeout: 2000 });
  if (!box) return "no map";
  const [x, y] = [box.x + hands.random() * box.width, box.y + hands.random() * box.height];
  // Where the panel is scrolled, part of the map lies behind VS Code's own buttons.
  const view = await (await hands.panel.frameElement()).boundingBox();
  if (!view || y < view.y || y > view.y + view.height) return "out of sight";
  await act(hands, x, y);
  return `${Math.round(x)}, ${Math.round(y)}`;
}

async function zoomAt({ page, random }: Hands, x: number, y: number): Promise<void> {
  await page.mouse.move(x, y);
  await page.keyboard.down("Control");
  for (let i = 0; i < 4; i++) await page.mouse.wheel(0, random() < 0.6 ? -150 : 150);
  await page.keyboard.up("Control");
}

async function dragFrom({ page, random }: Hands, x: number, y: number): Promise<void> {
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 200 * (random() - 0.5), y + 200 * (random() - 0.5), { steps: 6 });
  await page.mouse.up();
}

async function pressButton({ panel, random }: Hands): Promise<string> {
  const dialog = panel.locator("dialog[open]");
  const place = (await dialog.count()) > 0 ? dialog : panel.locator("main");
  const buttons: Locator[] = await place
    .locator("button:visible, vscode-button:visible, summary:visible, vscode-checkbox:visible")
    .all();
  const button = pick(buttons, random);
  if (!button) return "no button";
  const name = ((await button.getAttribute("aria-label")) ?? (await button.innerText())).trim().split("\n")[0]!;
  if (leavesPanel.test(name)) return `left alone: ${name}`;
  await button.click({ timeout: 2000 });
  return name;
}

async function moveSlider({ panel, random }: Hands): Promise<string> {
  const slider = panel.locator("input[type=range]:visible").first();
  if ((await slider.count()) === 0) return "no slider";
  const value = (random() * 2 - 1).toFixed(2);
  await slider.fill(value, { timeout: 2000 });
  return value;
}

/** Numbers, and what breaks a text, at a random place. */
async function editText({ page, random }: Hands): Promise<string> {
  await clickText(page, 150, 60 + random() * 300);
  const text = pick(["1", ".5", "-", "e9", "[", "]", ",", "NaN", "0.0", '"'], random);
  await page.keyboard.type(text);
  return text;
}

async function clickText(page: Page, x: number, y: number): Promise<void> {
  const box = await page
    .locator(".editor-group-container .monaco-editor .view-lines")
    .first()
    .boundingBox({ timeout: 2000 });
  if (box) await page.mouse.click(box.x + x, box.y + y);
}

async function undoInEditor({ page }: Hands): Promise<string> {
  await clickText(page, 40, 20);
  for (let i = 0; i < 4; i++) await page.keyboard.press("Control+z");
  return "4 steps";
}
