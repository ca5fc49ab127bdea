import { type Message, message } from "../../tensor/message.ts";
import type { ReadingProblem, SiteOptions, WrittenOption } from "../document.ts";
import type { Buckets, FormValues, ScoreName } from "../formValues.ts";
import { type FormSizes, formOptions } from "../siteForm.ts";
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
  readonly form: FormValues;
  readonly written: readonly WrittenOption[];
  readonly problems: readonly ReadingProblem[];
  /** The same for those who look at the result. */
  readonly notes: readonly Message[];
}

/** What options have to know of a site. */
export interface OptionSizes extends FormSizes {
  /** One sequence is pooled: there is no query. */
  readonly pools?: true;
}

/**
 * Options that stand beside the tensors of a site: of the mask and the scale, and, where there are queries, what asks for
 * another score. `from` is the object that holds the tensors; what is around it is looked at where it says nothing.
 */
export function optionsNear(source: Source, from: number, sizes: OptionSizes | null): FoundOptions {
  const found = valuesNear(source, from, sizes);
  const { values, written, problems } = found;
  const { causal, softcap, window, ...form } = values;
  return {
    options: {
      ...formOptions(form, sizes ?? { heads: 1, queries: 1, keys: 1 }),
      ...(causal !== undefined && { causal }),
      ...(softcap !== undefined && { softcap }),
      ...(window !== undefined && { window }),
    },
    form,
    written,
    problems,
    notes: problems.map(({ message: note }) => note),
  };
}

type Values = FormValues & Pick<SiteOptions, "causal" | "softcap" | "window">;

/** Of two that say the same thing the first is not taken in where the second is there. */
const givesWay: readonly (readonly [Option, Option])[] = [
  ["plusOne", "sinks"],
  ["segmentIds", "segments"],
  ["temperature", "scale"],
];

/** Every option that is taken in, and what is said of those that are not, or not as they might be meant. */
function valuesNear(source: Source, from: number, sizes: OptionSizes | null) {
  const around = [...membersAround(source, from)];
  const found: Found = {};
  const problems: ReadingProblem[] = [];
  for (const option of Object.keys(optionKinds) as Option[]) {
    const { of, everywhere } = optionKinds[option];
    if ((!sizes && !everywhere) || (of && !of.includes(found.score?.value as ScoreName))) continue;
    const looked = lookedFor(source, around, option);
    problems.push(...looked.problems);
    if (looked.taken) found[option] = looked.taken;
  }
  problems.push(...withoutSecond(found), ...withoutMisfits(found, sizes), ...withoutLacking(found, sizes));
  return { values: valuesOf(found), written: Object.values(found).map(({ written }) => written), problems };
}

/** Leaves out what something else says as well; what is said of it. */
function withoutSecond(found: Found): ReadingProblem[] {
  return givesWay.flatMap(([option, other]) => {
    const [taken, winner] = [found[option], found[other]];
    if (!taken?.value || !winner) return [];
    delete found[option];
    return [said(taken.written, winner.written)];
  });
}

/** Leaves out buckets of other heads than the site has; what is said of them, and of ids read as packed sequences. */
function withoutMisfits(found: Found, sizes: OptionSizes | null): ReadingProblem[] {
  const { segmentIds, buckets } = found;
  const problems: ReadingProblem[] = [];
  if (segmentIds) {
    const { name, nameRange } = segmentIds.written;
    problems.push(problemAt("information", nameRange, "json.segmentIds", { name }));
  }
  const heads = (buckets?.value as Buckets | undefined)?.embedding.shape[1];
  if (buckets && sizes && heads !== sizes.heads) {
    const args = { name: buckets.written.name, got: String(heads), expected: String(sizes.heads) };
    problems.push(problemAt("error", buckets.written.nameRange, "json.bucketHeads", args));
    delete found.buckets;
  }
  return problems;
}

/** Leaves out a score that cannot be computed, with all that is about it; what is said of it. */
function withoutLacking(found: Found, sizes: OptionSizes | null): ReadingProblem[] {
  const needs = lackingOf(valuesOf(found), sizes);
  const { score } = found;
  if (!needs || !score) return [];
  for (const option of Object.keys(found) as Option[])
    if (option === "score" || optionKinds[option].of) delete found[option];
  return [problemAt("warning", score.written.range, "json.scoreNeeds", { score: String(score.value), needs })];
}

type Found = Partial<Record<Option, Taken>>;

interface Taken {
  readonly value: unknown;
  readonly written: WrittenOption;
}

function valuesOf(found: Found): Values {
  return Object.fromEntries(Object.entries(found).map(([option, { value }]) => [option, value])) as Values;
}

function said(option: WrittenOption, other: WrittenOption): ReadingProblem {
  return problemAt("warning", option.nameRange, "json.said", { name: option.name, other: other.name });
}

/** The member without which a score cannot be computed; null where it is there. */
function lackingOf({ score, vector, generalWeight }: FormValues, sizes: OptionSizes | null): string | null {
  if (score === "pooling" && !sizes?.pools) return "x";
  if ((score === "additive" || score === "pooling") && !vector) return "v";
  return score === "general" && !generalWeight ? "W" : null;
}

interface Near {
  readonly members: ReadonlyMap<string, number>;
  /** The name of the member that says what a model does, if they are its members. */
  readonly config?: string;
}

/** Of each object from here outwards: the members of those in it that are for options, then its own. */
function* membersAround(source: Source, from: number): Generator<Near> {
  for (let at = from; at >= 0; at = fieldOf(source.tape, at, "parent")) {
    if (kindOf(source.tape, at) !== kind.object) continue;
    const near = source.members(at);
    for (const name of inner)
      if (near.has(name))
        yield { members: source.members(near.get(name)!), ...(name === "config" && { config: name }) };
    yield { members: near };
  }
}

interface Looked {
  readonly taken?: Taken;
  readonly problems: readonly ReadingProblem[];
}

/** The nearest member that gives an option, and what is wrong with those nearer that do not, or with others beside it. */
function lookedFor(source: Source, around: readonly Near[], option: Option): Looked {
  const { names, read, tensor, everywhere, changesInputs } = optionKinds[option];
  const problems: ReadingProblem[] = [];
  let configured: ReadingProblem | null = null;
  for (const { members, config } of around) {
    const taken: Taken[] = [];
    for (const name of names) {
      const node = members.get(name);
      if (node === undefined) continue;
      const value = read(source, node, name);
      const { nameRange } = identityOf(source.tape, node);
      const range = rangeOf(source.tape, node);
      if (value !== null && nameRange)
        taken.push({ value, written: { option, name, nameRange, range: tensor ? nameRange : range } });
      else if (!everywhere && !isOff(source, node) && problems.length === 0) {
        const got = source.tape.text.slice(range.start, Math.min(range.end, range.start + 40));
        problems.push(problemAt("information", range, "json.option", { option, name, got }));
      }
    }
    const [first, ...others] = taken;
    if (!first) continue;
    if (config !== undefined && changesInputs) {
      const { name, nameRange } = first.written;
      if (first.value) configured ??= problemAt("information", nameRange, "json.configured", { name, config });
      continue;
    }
    const twice = others.filter(({ value }) => JSON.stringify(value) !== JSON.stringify(first.value));
    return { taken: first, problems: twice.map(({ written }) => said(written, first.written)) };
  }
  return { problems: configured ? [...problems, configured] : problems };
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
  const score = lookedFor(source, around, "score").taken;
  const nodes = new Set<number>();
  if (!score) return nodes;
  for (const { names, of } of Object.values(optionKinds)) {
    if (!of?.includes(score.value as ScoreName)) continue;
    const node = around.map(({ members }) => memberIn(members, names)).find((at) => at !== undefined);
    if (node !== undefined) nodes.add(node);
  }
  return nodes;
}
