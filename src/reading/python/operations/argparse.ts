import type { Machine } from "../run/machine.ts";
import { args, bool, type InstanceValue, library, none, tuple, unknown, type Value } from "../run/values.ts";
import { type Given, type Operation, operation } from "./operation.ts";

const parser = "argparse.ArgumentParser";

/** Command lines: the program is read as if it was started without arguments, so options have their defaults. */
export const argparse: readonly Operation[] = [
  operation(parser, "*rest, **more", () => made(parser)),
  operation(
    `${parser}.add_argument`,
    "self, *names, default?, type?, action?, dest?, required?, const?, nargs?, choices?, help?, metavar?",
    (g, m) => {
      const self = selfOf(g);
      const name = nameOf(g);
      if (name !== null) m.state.setKey(self.attributes, name, initial(g, m));
      else m.state.set(self, "open", true);
      return none;
    },
  ),
  operation(`${parser}.add_argument_group ${parser}.add_mutually_exclusive_group`, "self, *rest, **more", (g) =>
    selfOf(g),
  ),
  operation(`${parser}.set_defaults`, "self, **values", (g, m) => {
    for (const [name, value] of g.keywords) m.state.setKey(selfOf(g).attributes, name, value);
    return none;
  }),
  operation(`${parser}.parse_args`, "self, args?, namespace?", (g) => parsed(g)),
  operation(`${parser}.parse_known_args`, "self, args?, namespace?", (g) =>
    tuple([parsed(g), unknown("python.outside", undefined, "other")]),
  ),
  operation(`${parser}.print_help ${parser}.error ${parser}.format_help`, "self, *rest", () => none),
];

function made(path: string): InstanceValue {
  return { kind: "instance", type: library(path), attributes: new Map(), data: {}, open: false };
}

function selfOf(g: Given): InstanceValue {
  const self = g.need("self");
  return self.kind === "instance" ? self : made(parser);
}

/** Arguments that the program passes itself are not looked at. */
function parsed(g: Given): Value {
  const self = selfOf(g);
  const space = made("argparse.Namespace");
  for (const [name, value] of self.attributes)
    space.attributes.set(name, g.get("args") ? unknown("python.outside") : value);
  space.open = self.open;
  return space;
}

/** `--learning-rate` → `learning_rate`; null where the names are not known. */
function nameOf(g: Given): string | null {
  const dest = g.word("dest");
  if (dest) return dest;
  const names = g.rest.map((value) => (value.kind === "string" ? value.value : null));
  if (names.includes(null)) return null;
  const long = (names as string[]).find((name) => name.startsWith("--")) ?? (names as string[])[0] ?? null;
  return long === null ? null : long.replace(/^-+/, "").replaceAll("-", "_");
}

function initial(g: Given, m: Machine): Value {
  const action = g.word("action");
  const given = g.get("default");
  if (given) return given.kind === "string" && g.get("type") ? m.call(g.need("type"), args([given], {}, null)) : given;
  if (action === "store_true") return bool(false);
  if (action === "store_false") return bool(true);
  if (action === "count") return none;
  const first = g.rest[0];
  const positional = first?.kind === "string" && !first.value.startsWith("-");
  const optional = g.word("nargs") === "?" || g.word("nargs") === "*";
  return (positional && !optional) || (g.get("required") && m.truth(g.need("required")) !== false)
    ? unknown("python.outside")
    : none;
}
