// Where things are in the checkout.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const projectNode = join(
  root,
  "node_modules",
  "node",
  "bin",
  process.platform === "win32" ? "node.exe" : "node",
);
/** Screenshots, results and packages that tests and tools leave behind; not under version control. */
export const outputFolder = join(root, "test", "output");
