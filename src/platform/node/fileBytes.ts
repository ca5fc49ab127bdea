import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { ByteSource } from "../../reading/byteSource.ts";

/** A file of this machine, opened for each range: nothing is held open, and what is read is the file as it is then. */
export function fileBytes(path: string): ByteSource {
  const { size } = statSync(path);
  return {
    size,
    read(at, length) {
      const file = openSync(path, "r");
      try {
        const bytes = new Uint8Array(Math.max(0, Math.min(length, size - at)));
        return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, at));
      } finally {
        closeSync(file);
      }
    },
  };
}
