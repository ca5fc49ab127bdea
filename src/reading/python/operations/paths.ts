import { type Machine, unclear } from "../run/machine.ts";
import { type InstanceValue, library, list, none, string, type Value } from "../run/values.ts";
import { type Given, type Operation, operation } from "./operation.ts";

/** Paths as texts, and where modules are looked for: `sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))`. */
export const paths: readonly Operation[] = [
  operation("os.path.join", "*parts", (g) => string(joined(g.rest.map(textOf)))),
  operation("os.path.dirname", "x", (g) => string(parent(textOf(g.need("x"))))),
  operation("os.path.basename", "x", (g) => string(textOf(g.need("x")).split("/").at(-1)!)),
  operation("os.path.abspath os.path.realpath os.path.normpath os.path.expanduser os.fspath", "x", (g) =>
    string(textOf(g.need("x"))),
  ),
  operation("sys.path.insert", "at, x", (g, m) => added(m, g.get("x"), g.get("at")?.kind === "int")),
  operation("sys.path.append", "x", (g, m) => added(m, g.get("x"), false)),
  operation("sys.path.extend", "x", (g, m) => {
    for (const x of m.iterate(g.need("x"))?.items ?? []) added(m, x, false);
    return none;
  }),
  operation("pathlib.Path pathlib.PurePath", "*parts", (g) => path(joined(g.rest.map(textOf)) || ".")),
  operation("pathlib.Path.resolve pathlib.Path.absolute pathlib.Path.expanduser", "self, *rest, **more", self),
  operation("pathlib.Path.joinpath", "self, *parts", (g) => path(joined([self(g), ...g.rest].map(textOf)))),
  operation("pathlib.Path.__truediv__", "self, other", (g) => path(joined([self(g), g.need("other")].map(textOf)))),
  operation("pathlib.Path.__str__ pathlib.Path.as_posix", "self", (g) => string(textOf(self(g)))),
];

/** A path of pathlib with its text, its folder and the folders above that. */
function path(text: string, above = 9): InstanceValue {
  const made: InstanceValue = {
    kind: "instance",
    type: library("pathlib.Path"),
    attributes: new Map<string, Value>([["name", string(text.split("/").at(-1)!)]]),
    data: { text },
    open: true,
  };
  if (above === 0 || parent(text) === text) return made;
  const folder = path(parent(text), above - 1);
  const further = folder.attributes.get("parents");
  made.attributes.set("parent", folder);
  made.attributes.set("parents", list([folder, ...(further?.kind === "list" ? further.items : [])]));
  return made;
}

function self(g: Given): InstanceValue {
  const value = g.need("self");
  return value.kind === "instance" ? value : unclear("python.text", undefined, "other");
}

function added(m: Machine, value: Value | undefined, first: boolean): Value {
  const text = value && (value.kind === "string" || value.kind === "instance") ? textOf(value) : null;
  if (text?.startsWith(".") || text?.startsWith("/")) m.folders.push({ path: text, first });
  return none;
}

function textOf(value: Value): string {
  const text = value.kind === "string" ? value.value : value.kind === "instance" ? value.data.text : null;
  return typeof text === "string" ? text : unclear("python.text", undefined, "string");
}

/** As `os.path.join` does on Linux. */
function joined(parts: readonly string[]): string {
  return parts.reduce(
    (left, right) => (right.startsWith("/") || left === "" ? right : `${left.replace(/\/$/, "")}/${right}`),
    "",
  );
}

/** The folder of a path; above `.` and `..` lie `..` and `../..`. */
function parent(text: string): string {
  const at = text.lastIndexOf("/");
  const last = text.slice(at + 1);
  if (last === ".") return at < 0 ? ".." : `${text.slice(0, at)}/..`;
  if (last === "..") return `${text}/..`;
  return at < 0 ? "" : at === 0 ? "/" : text.slice(0, at);
}
