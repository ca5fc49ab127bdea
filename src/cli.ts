import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { parseArgs } from "node:util";
import { attendCommand } from "./commandLine/attend.ts";
import { type CommandInput, languageOf, UsageError } from "./commandLine/commandLine.ts";
import { explainCommand } from "./commandLine/explain.ts";
import { attendOptions, type Flags, valuesOf } from "./commandLine/flags.ts";
import { inspectCommand } from "./commandLine/inspect.ts";
import { sentenceTables } from "./explain/sentences/tables.ts";
import { sayer } from "./explain/sentences.ts";
import { fileBytes } from "./platform/node/fileBytes.ts";
import { importsOf } from "./platform/node/pythonFiles.ts";
import { documentOf, isTensorFile } from "./reading/binary/tensorDocument.ts";
import { readTensorFile } from "./reading/binary/tensorFile.ts";
import type { TensorDocument } from "./reading/document.ts";
import { createPythonReader } from "./reading/python/reader.ts";
import { readers } from "./service/readers.ts";
import type { Translate } from "./tensor/message.ts";

const usage = `attention-loupe inspect FILE [--json] [--values N] [--expressions]
attention-loupe explain FILE --at LINE:COLUMN
attention-loupe attend FILE [--query P --key P --value P --mask P] [--causal] [--scale S] [--softcap C] [--window LEFT,RIGHT] [--json]
All commands: [--language zh-cn] [--root FOLDER, up to which Python's imports are read]`;

const options = {
  json: { type: "boolean", default: false },
  values: { type: "string", default: "64" },
  expressions: { type: "boolean", default: false },
  query: { type: "string" },
  key: { type: "string" },
  value: { type: "string" },
  mask: { type: "string" },
  causal: { type: "boolean" },
  scale: { type: "string" },
  softcap: { type: "string" },
  window: { type: "string" },
  at: { type: "string" },
  language: { type: "string" },
  root: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

function parse() {
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${usage}`);
  }
}

async function main(): Promise<void> {
  const { values: flags, positionals } = parse();
  const [command, file] = positionals;
  if (flags.help) return console.log(usage);
  if (!isCommand(command) || !file) throw new UsageError(usage);
  const translate = translator(flags.language);
  console.log(await commands[command](await read(file, translate, flags.root), flags));
}

const commands = {
  inspect: (input: CommandInput, flags: Flags & { readonly expressions: boolean }) =>
    inspectCommand(input, { ...flags, values: valuesOf(flags, input.translate) }),
  attend: (input: CommandInput, flags: Flags) => attendCommand(input, attendOptions(flags, input.translate)),
  explain: (input: CommandInput, { at = "1:1" }: { at?: string }) => explainCommand(input, at),
};

function isCommand(name: string | undefined): name is keyof typeof commands {
  return name !== undefined && Object.hasOwn(commands, name);
}

const wasm = async (name: string) => new Uint8Array(await readFile(join(__dirname, "wasm", name)));

async function read(file: string, translate: Translate, root: string | undefined): Promise<CommandInput> {
  if (!existsSync(file)) throw new UsageError(translate("{file}: there is no such file.", { file }));
  const say = sayer(translate, sentenceTables);
  const language = languageOf(extname(file));
  const reader = await readers(wasm, createPythonReader)(language);
  const spoken = { file, language, reader, translate, say };
  if (isTensorFile(file)) return { ...spoken, text: "", document: tensorDocument(file, say) };
  const text = await readFile(file, "utf8").catch((error: Error) => {
    throw new UsageError(error.message);
  });
  return {
    ...spoken,
    text,
    document: reader.read(text, { language, ...(language === "python" && { modules: importsOf(file, root) }) }),
  };
}

/** What a .npy, .npz or .safetensors file holds. */
function tensorDocument(file: string, say: CommandInput["say"]): TensorDocument {
  const read = readTensorFile(fileBytes(file), basename(file, extname(file)));
  if (!read.ok) throw new UsageError(`${file}: ${say(read.problem)}`);
  return documentOf(read.value);
}

/** Looks sentences up in the bundle of `language`; without one, or without an entry, they are English. */
function translator(language: string | undefined): Translate {
  const path = join(__dirname, `../l10n/bundle.l10n.${language}.json`);
  const bundle: Record<string, string> = language && existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  return (text, args = {}) =>
    (bundle[text] ?? text).replace(/\{(\w+)\}/g, (whole, name: string) => String(args[name] ?? whole));
}

main().catch((error: unknown) => {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
