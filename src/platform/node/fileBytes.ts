import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { ByteSource } from "../../reading/byteSource.ts";

/** A file of this machine, opened for each range: nothing is held open, and what is read is the file as it is then. */
export function fileBytes(path: string): ByteSource {
  const { size } = statSync(path);
  let buffer = new Uint8Array(0);
  return {
    size,
    read(at, length) {
      const file = openSync(path, "r");
      try {
        const wanted = Math.max(0, Math.min(length, size - at));
        // One for all ranges: hundreds of megabytes of them would wait for the collector.
        if (buffer.length < wanted) buffer = new Uint8Array(wanted);
        return buffer.subarray(0, readSync(file, buffer, 0, wanted, at));
      } finally {
        closeSync(file);
      }
    },
  };
}
