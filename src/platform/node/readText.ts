import { open } from "node:fs/promises";

const range = 4 * 2 ** 20;

/** A UTF-8 file as a text, read range by range: its bytes are never in memory as a whole. */
export async function readText(path: string): Promise<string> {
  const file = await open(path);
  try {
    const [decoder, buffer, pieces] = [new TextDecoder(), new Uint8Array(range), [] as string[]];
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, range);
      if (bytesRead === 0) return pieces.join("") + decoder.decode();
      pieces.push(decoder.decode(buffer.subarray(0, bytesRead), { stream: true }));
    }
  } finally {
    await file.close();
  }
}
