import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { Script } from "node:vm";

const hashLength = 32;

export interface CompiledBundle {
  readonly exports: unknown;
  /**
   * Keeps what V8 has compiled by now for the next start; nothing where what was kept has been of use. Never rejects: a
   * folder that cannot be written to costs only time.
   */
  keep(): Promise<void>;
}

/**
 * Runs a CommonJS bundle with what V8 compiled of it when it was last kept in `folder`: compiling takes longer than
 * running. What another version of the bundle or of V8 has kept, or what is damaged, is not used.
 */
export function loadCompiled(file: string, folder: string): CompiledBundle {
  const source = readFileSync(file, "utf8");
  const place = join(folder, `${basename(file)}.compiled`);
  const cachedData = keptCode(place, source);
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
  const script = new Script(wrapped, { filename: file, ...(cachedData && { cachedData }) });
  const module = { exports: {} as unknown };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  const used = cachedData !== null && !script.cachedDataRejected;
  return {
    exports: module.exports,
    async keep() {
      if (!used) await keepCode(place, source, script.createCachedData()).catch(() => undefined);
    },
  };
}

/** The kept code of exactly this source, undamaged; else null. */
function keptCode(place: string, source: string): Buffer | null {
  try {
    const kept = readFileSync(place);
    const code = kept.subarray(hashLength);
    return kept.subarray(0, hashLength).equals(hashOf(source, code)) ? code : null;
  } catch {
    return null;
  }
}

/** Renamed when whole: another window may be reading, or writing the same. */
async function keepCode(place: string, source: string, code: Buffer): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  const draft = `${place}.${process.pid}`;
  await writeFile(draft, Buffer.concat([hashOf(source, code), code]));
  await rename(draft, place);
}

function hashOf(source: string, code: Buffer): Buffer {
  return createHash("sha256").update(source).update(code).digest();
}
