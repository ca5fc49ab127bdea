import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let built: Promise<Uint8Array> | undefined;

/** The bytes of `json.wasm`, built from its source, once for all tests. */
export function builtScanner(): Promise<Uint8Array> {
  built ??= build();
  return built;
}

async function build(): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), "json-scanner-"));
  const source = new URL("../../../../assembly/json/build.mjs", import.meta.url).href;
  const builder = (await import(source)) as { buildJsonScanner(to: string): Promise<void> };
  await builder.buildJsonScanner(folder);
  const bytes = readFileSync(join(folder, "json.wasm"));
  rmSync(folder, { recursive: true });
  return new Uint8Array(bytes);
}
