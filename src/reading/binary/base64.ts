const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Whether a text can be base64 (RFC 4648, also with the alphabet for URLs), padded or not. */
export function isBase64(text: string): boolean {
  return text.length % 4 !== 1 && /^[A-Za-z0-9+/_-]*={0,2}$/.test(text);
}

/** The bytes that a text says in base64; characters outside the alphabet are skipped. */
export function decodeBase64(text: string): Uint8Array {
  const values = new Int8Array(128).fill(-1);
  for (let at = 0; at < 64; at++) values[alphabet.charCodeAt(at)] = at;
  values["-".charCodeAt(0)] = 62;
  values["_".charCodeAt(0)] = 63;
  const out = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let [bits, pending, length] = [0, 0, 0];
  for (let at = 0; at < text.length; at++) {
    const value = values[text.charCodeAt(at)] ?? -1;
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xfff;
    pending += 6;
    if (pending < 8) continue;
    pending -= 8;
    out[length++] = (bits >> pending) & 255;
  }
  return out.subarray(0, length);
}
