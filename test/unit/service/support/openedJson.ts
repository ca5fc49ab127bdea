import type { CoreApi } from "../../../../src/protocol/core.ts";
import { jsonReader } from "../../../../src/reading/json/reader.ts";
import { createCore } from "../../../../src/service/core.ts";

/** A core with one open JSON document, `x`. */
export async function openedJson(text: string): Promise<CoreApi> {
  const core = createCore({ readerOf: async () => jsonReader(), nextTurn: async () => {} });
  await core.open({ uri: "x", language: "json", version: 1, text });
  return core;
}
