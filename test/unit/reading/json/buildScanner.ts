import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The bytes of `json.wasm`, built from its source. */
export async function builtScanner(): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), "json-scanner-"));
  const source = new URL("../../../../assembly/json/build.mjs", import.meta.url).href;
  const build = (await import(source)) as { buildJsonScanner(to: string): Promise<void> };
  await build.buildJsonScanner(folder);
  const bytes = readFileSync(join(folder, "json.wasm"));
  rmSync(folder, { recursive: true });
  return new Uint8Array(bytes);
}
