// Finds every sentence that goes through `translate("…")` or `vscode.l10n.t("…")`, in src and webview.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "@swc/core";

/** Every text with the places that say it, and the places where the text is not literal and so cannot be found. */
export function userTexts(root) {
  const texts = new Map();
  const notLiteral = [];
  for (const file of sources(root)) {
    for (const call of calls(readFileSync(join(root, file), "utf8"), file)) {
      if (call.text === null) notLiteral.push(call.place);
      else texts.set(call.text, [...(texts.get(call.text) ?? []), call.place]);
    }
  }
  return { texts, notLiteral };
}

function sources(root) {
  return ["src", "webview"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((file) => join(folder, file).replaceAll("\\", "/"))
      .filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".d.ts")),
  );
}

function* calls(source, file) {
  const bytes = Buffer.from(source);
  const module = parseSync(source, { syntax: "typescript", tsx: file.endsWith("x"), target: "es2022" });
  const start = module.span.start - firstToken(source);
  for (const node of nodes(module)) {
    if (node.type !== "CallExpression" || !isTranslate(node.callee)) continue;
    const argument = node.arguments[0]?.expression;
    // The one place that hands a caller's text on names its parameter so.
    if (argument?.type === "Identifier" && argument.value === "text") continue;
    if (node.callee.type === "MemberExpression" && isGeometry(node.arguments)) continue;
    const line = bytes
      .subarray(0, Math.max(0, node.span.start - start))
      .toString()
      .split("\n").length;
    yield { text: literal(argument), place: `${file}:${line}` };
  }
}

/** swc counts from the first token of the file, in bytes over all files that it parsed. */
function firstToken(source) {
  const leading = /^(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*/.exec(source)[0];
  return Buffer.byteLength(leading);
}

function* nodes(node) {
  if (typeof node !== "object" || node === null) return;
  if (typeof node.type === "string") yield node;
  for (const child of Object.values(node)) yield* nodes(child);
}

/** `translate`, `t` in tables of sentences, `context.translate`, `this.#translate`, `l10n.t`. */
function isTranslate(callee) {
  if (callee.type === "Identifier") return callee.value === "translate" || callee.value === "t";
  if (callee.type !== "MemberExpression") return false;
  const name = callee.property.value;
  if (name === "translate") return true;
  return name === "t" && (callee.object.value === "l10n" || callee.object.property?.value === "l10n");
}

/** A canvas and a zoom have a `translate` of their own, of two numbers. */
function isGeometry(args) {
  return args.length === 2 && literal(args[0].expression) === null && args[1].expression.type !== "ObjectExpression";
}

/** A string, or strings added; null for anything else. */
function literal(node) {
  if (node?.type === "ParenthesisExpression") return literal(node.expression);
  if (node?.type === "StringLiteral") return node.value;
  if (node?.type === "TemplateLiteral" && node.quasis.length === 1) return node.quasis[0].cooked;
  if (node?.type !== "BinaryExpression" || node.operator !== "+") return null;
  const [left, right] = [literal(node.left), literal(node.right)];
  return left === null || right === null ? null : left + right;
}
