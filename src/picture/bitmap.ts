import type { ColorMap } from "./colorMaps.ts";

/**
 * A picture of palette entries as a Windows bitmap with 8 bits a pixel: the one image format without compression and
 * checksums that every browser reads, so it needs no encoder. Layout: BITMAPFILEHEADER, BITMAPINFOHEADER, 256 × BGR0,
 * rows from the top (negative height), each padded to four bytes.
 */
export function bitmap(entries: Uint8Array, rows: number, columns: number, map: ColorMap): Uint8Array {
  const stride = (columns + 3) & ~3;
  const start = 14 + 40 + 256 * 4;
  const bytes = new Uint8Array(start + stride * rows);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, start, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, columns, true);
  view.setInt32(22, -rows, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 8, true);
  for (let i = 0; i < 256; i++) {
    bytes.set([map.table[i * 3 + 2]!, map.table[i * 3 + 1]!, map.table[i * 3]!], 54 + i * 4);
  }
  for (let row = 0; row < rows; row++)
    bytes.set(entries.subarray(row * columns, (row + 1) * columns), start + row * stride);
  return bytes;
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Base64 with padding (RFC 4648, section 4). */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i]!, bytes[i + 1], bytes[i + 2]];
    text += digits[a >> 2]! + digits[((a & 3) << 4) | ((b ?? 0) >> 4)]!;
    text += b === undefined ? "=" : digits[((b & 15) << 2) | ((c ?? 0) >> 6)]!;
    text += c === undefined ? "=" : digits[c & 63]!;
  }
  return text;
}
