import { message } from "../../tensor/message.ts";
import type { ReadingProblem, SiteOptions, WrittenOption } from "../document.ts";
import { type FormValues, formOptions, type ScoreName } from "./formOptions.ts";
import { type Option, optionKinds } from "./optionKinds.ts";
import { memberIn } from "./optionValues.ts";
import type { Source } from "./source.ts";
import { kind } from "./tape.ts";
import { identityOf } from "./tensors.ts";
import { fieldOf, kindOf, rangeOf, scalarOf } from "./tree.ts";

/** Members in which options may stand one level down. */
const inner = ["options", "config", "attributes", "params", "parameters"];

export interface FoundOptions {
  readonly options: SiteOptions;
  readonly written: readonly WrittenOption[];
  readonly problems: readonly ReadingProblem[];
}

/**
 * Options that stand beside the tensors of a site: of the mask and the scale, and, where there are `heads` of queries, what
 * asks for another score. `from` is the object that holds the tensors; what is around it is looked at where it says nothing.
 */
export function optionsNear(source: Source, from: number, heads: number | null): FoundOptions {
  const { values, written, problems } = valuesNear(source, from, heads === null);
  const { causal, scale, softcap, window, ...form } = values;
  const lacks = lackingOf(form);
  const at = written.find(({ option }) => option === "score");
  if (lacks && at)
    problems.push(problemAt("warning", at.range, "json.scoreNeeds", { score: form.score!, needs: lacks }));
  const ids = written.find(({ option }) => option === "segmentIds");
  if (ids) problems.push(problemAt("information", ids.nameRange, "json.segmentIds", { name: ids.name }));
  const { score, ...others } = form;
  return {
    options: {
      ...formOptions(lacks || !score ? others : { ...others, score }, heads ?? 1),
      ...(causal !== undefined && { causal }),
      ...(scale !== undefined && { scale }),
      ...(softcap !== undefined && { softcap }),
      ...(window !== undefined && { window }),
    },
    written: lacks ? written.filter(({ option }) => option !== "score" && !optionKinds[option].of) : written,
    problems,
  };
}

type Values = FormValues & Pick<SiteOptions, "causal" | "scale" | "softcap" | "window">;

/** Every option that is found, and what is said of those that are not what their name promises. */
function valuesNear(source: Source, from: number, plain: boolean) {
  const around = [...membersAround(source, from)];
  const values: Partial<Record<Option, unknown>> = {};
  const written: WrittenOption[] = [];
  const problems: ReadingProblem[] = [];
  for (const option of Object.keys(optionKinds) as Option[]) {
    const { of, everywhere } = optionKinds[option];
    if ((plain && !everywhere) || (of && !of.includes(values.score as ScoreName))) continue;
    const found = lookedFor(source, around, option);
    if (found && "problem" in found) problems.push(found.problem);
    else if (found) {
      values[option] = found.value;
      written.push(found.written);
    }
  }
  return { values: values as Values, written, problems };
}

/** The member without which a score cannot be computed; null where it is there. */
function lackingOf({ score, vector, generalWeight }: FormValues): string | null {
  if (score === "additive" && !vector) return "v";
  return score === "general" && !generalWeight ? "W" : null;
}

type Members = ReadonlyMap<string, number>;

/** Of each object from here outwards: the members of those in it that are for options, then its own. */
function* membersAround(source: Source, from: number): Generator<Members> {
  for (let at = from; at >= 0; at = fieldOf(source.tape, at, "parent")) {
    if (kindOf(source.tape, at) !== kind.object) continue;
    const near = source.members(at);
    for (const name of inner) if (near.has(name)) yield source.members(near.get(name)!);
    yield near;
  }
}

type Found = { readonly value: unknown; readonly written: WrittenOption } | { readonly problem: ReadingProblem };

/** The nearest member that gives an option, or what is wrong with the nearest that does not; null where there is none. */
function lookedFor(source: Source, around: readonly Members[], option: Option): Found | null {
  const { names, read, tensor, everywhere } = optionKinds[option];
  let problem: ReadingProblem | null = null;
  for (const members of around) {
    for (const name of names) {
      const node = members.get(name);
      if (node === undefined) continue;
      const value = read(source, node, name);
      const { nameRange } = identityOf(source.tape, node);
      const range = rangeOf(source.tape, node);
      if (value !== null && nameRange)
        return { value, written: { option, name, nameRange, range: tensor ? nameRange : range } };
      const got = source.tape.text.slice(range.start, Math.min(range.end, range.start + 40));
      if (!everywhere && !isOff(source, node))
        problem ??= problemAt("information", range, "json.option", { option, name, got });
    }
  }
  return problem === null ? null : { problem };
}

/** null and false say that there is none. */
function isOff({ tape }: Source, node: number): boolean {
  return kindOf(tape, node) === kind.null || scalarOf(tape, node) === false;
}

function problemAt(
  severity: ReadingProblem["severity"],
  range: ReadingProblem["range"],
  code: string,
  args: Readonly<Record<string, string>>,
): ReadingProblem {
  return { severity, range, message: message(code, args) };
}

/** Members that are parameters of the score of a site in this object, not its tensors: a `v` beside `V`. */
export function parametersOf(source: Source, holder: number): ReadonlySet<number> {
  const around = [...membersAround(source, holder)];
  const score = lookedFor(source, around, "score");
  const nodes = new Set<number>();
  if (!score || "problem" in score) return nodes;
  for (const { names, of } of Object.values(optionKinds)) {
    if (!of?.includes(score.value as ScoreName)) continue;
    const node = around.map((members) => memberIn(members, names)).find((at) => at !== undefined);
    if (node !== undefined) nodes.add(node);
  }
  return nodes;
}
