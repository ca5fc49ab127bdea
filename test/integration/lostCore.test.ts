import { match, ok, strictEqual } from "node:assert/strict";
import { Session } from "node:inspector/promises";
import * as vscode from "vscode";
import { attentionJson } from "./support/matrices.ts";
import {
  closeAll,
  eventually,
  hoverAt,
  lensesOf,
  loupe,
  notebookOf,
  replace,
  wordsOf,
  writeAndOpen,
} from "./support/workspace.ts";

const python = (size: number) => `import torch\n\nx = torch.zeros(${size}, 3)\n`;

describe("the extension's own core", function () {
  // The watch over it has half a minute of patience.
  this.timeout(240_000);
  before(loupe);
  afterEach(async () => {
    for (const session of sessions.splice(0)) session.disconnect();
    await closeAll();
  });

  it("comes back when its thread ends, with every document that is open", async () => {
    const json = await writeAndOpen("ended.json", attentionJson());
    const code = await writeAndOpen("ended.py", python(2));
    await eventually(async () => match(await hoverAt(code.document, "x = "), /2×3/));
    await inCore("process.exit(3)");
    await eventually(async () => match(await hoverAt(code.document, "x = "), /2×3/));
    await eventually(async () => strictEqual((await lensesOf(json.document.uri)).length, 1));
    await replace(code, "2, 3", "7, 3");
    await eventually(async () => match(await hoverAt(code.document, "x = "), /7×3/));
  });

  it("sets the file aside over which it hangs, says so, goes on with others, and tries again when it changes", async () => {
    const other = await writeAndOpen("beside.py", python(4));
    const notebook = await notebookOf("beside.ipynb", ["import torch", "y = torch.zeros(5, 6)"]);
    const hung = await writeAndOpen("hung.py", python(2));
    await eventually(async () => match(await hoverAt(hung.document, "x = "), /2×3/));
    await inCore("for (;;);");
    await replace(hung, "2, 3", "8, 3");
    await eventually(async () => {
      const text = wordsOf(await hoverAt(hung.document, "x = "));
      match(
        text,
        /Reading hung\.py took longer than 30 s and was stopped\. It will be tried again when the file changes/,
      );
    }, 150_000);
    await eventually(async () => match(await hoverAt(other.document, "x = "), /4×3/));
    await eventually(async () => match(await hoverAt(notebook.cellAt(1).document, "y = "), /5×6/));
    await replace(hung, "8, 3", "9, 3");
    await eventually(async () => match(await hoverAt(hung.document, "x = "), /9×3/));
  });
});

/** Open until the end of each test: one that ends at once may take back what it was sent before the core has heard of it. */
const sessions: Session[] = [];

/** Lets the thread of the core run something, as a debugger would; what it answers is not waited for. */
async function inCore(expression: string): Promise<void> {
  const session = new Session();
  sessions.push(session);
  session.connect();
  const workers: { sessionId: string; url: string }[] = [];
  session.on("NodeWorker.attachedToWorker", ({ params: { sessionId, workerInfo } }) =>
    workers.push({ sessionId, url: workerInfo.url }),
  );
  await session.post("NodeWorker.enable", { waitForDebuggerOnStart: false });
  const dist = vscode.extensions.getExtension("attention-loupe.attention-loupe")!.extensionPath;
  const ours = await eventually(() => {
    const found = workers.filter(
      ({ url }) => decodeURI(url).endsWith("/dist/worker.js") && decodeURI(url).includes(dist),
    );
    ok(found.length === 1, `expected one core, found ${JSON.stringify(workers)}`);
    return found[0]!;
  });
  const message = JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression } });
  await session.post("NodeWorker.sendMessageToWorker", { sessionId: ours.sessionId, message });
}
