import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { parseArgs } from "node:util";
import { attendCommand } from "./commandLine/attend.ts";
import { type CommandInput, languageOf, UsageError } from "./commandLine/commandLine.ts";
import { explainCommand } from "./commandLine/explain.ts";
import { inspectCommand } from "./commandLine/inspect.ts";
import { documentOf, isTensorFile } from "./commandLine/tensorFile.ts";
import { sentenceTables } from "./explain/sentences/tables.ts";
import { sayer } from "./explain/sentences.ts";
import { fileBytes } from "./platform/node/fileBytes.ts";
import { importsOf } from "./platform/node/pythonFiles.ts";
import { readTensorFile } from "./reading/binary/tensorFile.ts";
import type { TensorDocument } from "./reading/document.ts";
import { readers } from "./service/readers.ts";
import type { Translate } from "./tensor/message.ts";

const usage = `attention-loupe inspect FILE [--json] [--values N] [--expressions]
attention-loupe explain FILE --at LINE:COLUMN
attention-loupe attend FILE [--query P --key P --value P --mask P] [--causal] [--scale S] [--json]
All commands: [--language zh-cn] [--root FOLDER, up to which Python's imports are read]`;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    values: { type: "string", default: "64" },
    expressions: { type: "boolean", default: false },
    query: { type: "string" },
    key: { type: "string" },
    value: { type: "string" },
    mask: { type: "string" },
    causal: { type: "boolean" },
    scale: { type: "string" },
    at: { type: "string" },
    language: { type: "string" },
    root: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});

async function main(): Promise<void> {
  const [command, file] = positionals;
  if (flags.help) return console.log(usage);
  if (!command || !file) throw new UsageError(usage);
  const input = await read(file);
  if (command === "inspect") return console.log(inspectCommand(input, { ...flags, values: Number(flags.values) }));
  if (command === "attend") return console.log(await attendCommand(input, attendFlags()));
  if (command === "explain") return console.log(await explainCommand(input, flags.at ?? "1:1"));
  throw new UsageError(usage);
}

function attendFlags() {
  const { causal, scale, ...rest } = flags;
  return {
    ...rest,
    ...(causal && { causal: "topLeft" as const }),
    ...(scale !== undefined && { scale: Number(scale) }),
  };
}

async function read(file: string): Promise<CommandInput> {
  const translate = translator(flags.language);
  const say = sayer(translate, sentenceTables);
  const language = languageOf(extname(file));
  const reader = await readers(async (name) => new Uint8Array(await readFile(join(__dirname, "wasm", name))))(language);
  const spoken = { file, language, reader, translate, say };
  if (isTensorFile(file)) return { ...spoken, text: "", document: tensorDocument(file, say) };
  const text = await readFile(file, "utf8").catch((error: Error) => {
    throw new UsageError(error.message);
  });
  return {
    ...spoken,
    text,
    document: reader.read(text, { language, ...(language === "python" && { modules: importsOf(file, flags.root) }) }),
  };
}

/** What a .npy, .npz or .safetensors file holds. */
function tensorDocument(file: string, say: CommandInput["say"]): TensorDocument {
  if (!existsSync(file)) throw new UsageError(`ENOENT: no such file or directory, open '${file}'`);
  const read = readTensorFile(fileBytes(file), basename(file, extname(file)));
  if (!read.ok) throw new UsageError(`${file}: ${say(read.problem)}`);
  return documentOf(read.value);
}

/** Looks sentences up in the bundle of `language`; without one, or without an entry, they are English. */
function translator(language: string | undefined): Translate {
  const bundle: Record<string, string> = language
    ? JSON.parse(readFileSync(join(__dirname, `../l10n/bundle.l10n.${language}.json`), "utf8"))
    : {};
  return (text, args = {}) =>
    (bundle[text] ?? text).replace(/\{(\w+)\}/g, (whole, name: string) => String(args[name] ?? whole));
}

main().catch((error: unknown) => {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
