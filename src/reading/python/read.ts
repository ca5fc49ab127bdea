import type {
  AttentionSite,
  ExpressionEntry,
  Place,
  ReadingProblem,
  TensorDocument,
  TensorEntry,
} from "../document.ts";
import { groupByNames } from "../roles.ts";
import { entryOf } from "./document/entry.ts";
import { assignmentsOf, expressionsOf } from "./document/expressions.ts";
import { PlaceFinder } from "./document/finder.ts";
import { hintPlaces } from "./document/hintPlaces.ts";
import { LayerFinder } from "./document/layerFinder.ts";
import { tasksOfParameters } from "./document/layerTasks.ts";
import { listTensors } from "./document/lists.ts";
import { namedRuns } from "./document/namedRuns.ts";
import { PlaceSizesTeller } from "./document/placeSizes.ts";
import { problemsOf } from "./document/problems.ts";
import { Records } from "./document/records.ts";
import { computedSites } from "./document/sites.ts";
import { SizeNames } from "./document/sizeNames.ts";
import { type Files, moduleLoader } from "./modules.ts";
import type { Parsed } from "./parse.ts";
import { type Budget, Interpreter, type Library } from "./run/interpreter.ts";
import type { Sampling } from "./run/machine.ts";
import { noRandoms } from "./run/randoms.ts";
import { moduleScope } from "./run/scopes.ts";
import { type Given, runUncalled } from "./run/uncalled.ts";
import { string, type Value } from "./run/values.ts";
import { SampledParameters } from "./sampling/sampledParameters.ts";
import { sampledRandoms, samplingFrom } from "./sampling/sampling.ts";
import { Supposed } from "./sampling/suppositions.ts";
import { rangeOf } from "./syntax/ast.ts";
import { AxisTracer } from "./tags/axes.ts";
import { tagsOf } from "./tags/tags.ts";

const unhurried: Budget = {
  steps: 200_000,
  depth: 64,
  loop: { steps: 20_000, first: { rounds: 8, steps: 120_000 } },
  uncalled: { each: 10_000, together: 60_000 },
  elements: 50_000_000,
};

/** While someone types: what took long before is read less far, so that shapes do not lag behind. */
const hurried: Budget = {
  steps: 60_000,
  depth: 64,
  loop: { steps: 1_500, first: { rounds: 3, steps: 15_000 } },
  uncalled: { each: 10_000, together: 25_000 },
  elements: 10_000_000,
};

/** Elements that may be computed or drawn when values are looked at. */
const lookedAt = 200_000_000;

/** A reading that took more steps than this is done in a hurry while someone types. */
const many = 20_000;

/** What is read. */
export interface Source {
  readonly text: string;
  readonly parsed: Parsed;
  readonly framework: Library;
  readonly files: Files;
  readonly hurried: boolean;
}

/** A parsed text as tensors, sites and problems. Samples are drawn when they are asked for, once a seed. */
export function readPython(source: Source): TensorDocument {
  const supposed = new Supposed();
  const samples = new Map<number, TensorDocument>();
  return Object.assign(reading(source, supposed, null), {
    sampled(seed: number) {
      const sampling = samplingFrom(seed);
      const known = samples.get(seed) ?? reading(source, new SampledParameters(supposed.all, sampling), sampling);
      samples.set(seed, known);
      return known;
    },
  });
}

/** One run: with names for what nobody gives, which it remembers; or with samples of what was remembered. */
function reading(source: Source, given: Given, sampling: Sampling | null): TensorDocument {
  const { text, parsed, framework, files, hurried: hurries } = source;
  const records = new Records();
  const interpreter: Interpreter = new Interpreter(
    framework,
    records,
    sampling ? sampledRandoms(sampling) : noRandoms(),
    hurries ? hurried : unhurried,
    moduleLoader(files, (statements, scope) => interpreter.runModule(statements, scope)),
    sampling,
  );
  const scope = moduleScope();
  scope.names.set("__file__", string("./document.py"));
  interpreter.runModule(parsed.statements, scope);
  const bound = new Map(scope.names);
  records.endRun();
  runUncalled(interpreter, scope, records, given, text);
  const tensors = bindings(interpreter, bound, text);
  const computed = computedSites(interpreter, records, tensors, text, parsed.statements);
  const sizes = given instanceof Supposed ? new PlaceSizesTeller(given, () => sizeNames(source, records)) : null;
  const finder = new PlaceFinder(text, tensors, records, computed.parts, sizes);
  const layers = new LayerFinder(records.layerPlaces, interpreter.symbols, () =>
    tasksOfParameters(records, computed.parts),
  );
  const tracer = new AxisTracer();
  const problems: ReadingProblem[] = problemsOf(parsed);
  let expressions: readonly ExpressionEntry[] | undefined;
  let assignments: readonly ExpressionEntry[] | undefined;
  let hints: readonly ExpressionEntry[] | undefined;
  interpreter.effort.left = lookedAt;
  return {
    language: "python",
    tensors: [...tensors, ...computed.tensors],
    sites: [
      ...computed.sites,
      ...sitesByName(tensors).filter(({ roles }) => !Object.values(roles).some((id) => computed.involved.has(id))),
    ],
    problems,
    ...(hurries ? { draft: true } : interpreter.state.steps > many && { costly: true }),
    get expressions() {
      expressions ??= expressionsOf(records, interpreter.symbols);
      return expressions;
    },
    get assignments() {
      assignments ??= assignmentsOf(records, interpreter.symbols);
      return assignments;
    },
    get hints() {
      hints ??= hintPlaces(records, interpreter.symbols, text);
      return hints;
    },
    prepare: () => sizes?.prepare(),
    at: (offset: number): Place | null => finder.at(offset),
    layerAt: (offset: number) => layers.at(offset, finder.found(offset), text),
    tags: (offset: number) => {
      const tensor = finder.tensorAt(offset);
      return tensor && tagsOf(tracer, tensor);
    },
  };
}

/** Told by a run of its own, which only hovers ask for. */
function sizeNames(
  { text, parsed: { statements }, framework: operations, files }: Source,
  records: Records,
): SizeNames {
  const loader = (interpreter: () => Interpreter) =>
    moduleLoader(files, (foreign, scope) => interpreter().runModule(foreign, scope));
  return new SizeNames(records, namedRuns({ text, statements, operations, budget: hurried, loader }, records));
}

/** Names of the module that stand for a tensor, or for nested lists of numbers, when the run has ended. */
function bindings(interpreter: Interpreter, names: ReadonlyMap<string, Value>, text: string): TensorEntry[] {
  const found: TensorEntry[] = [];
  for (const [name, value] of names) {
    const bound = interpreter.bindings.get(name);
    const tensor = value.kind === "tensor" ? value : listTensors(value);
    if (!bound || !tensor) continue;
    found.push(
      entryOf(tensor, {
        id: `module.${name}`,
        name,
        path: name,
        range: rangeOf(bound.value),
        nameRange: rangeOf(bound.target),
        scope: "module",
      }),
    );
  }
  return found.filter((entry) => text.length >= entry.range.end).sort((a, b) => a.range.start - b.range.start);
}

function sitesByName(tensors: readonly TensorEntry[]): AttentionSite[] {
  const groups = groupByNames(tensors.map((t) => ({ id: t.id, name: t.name, rank: t.shape?.length ?? null })));
  return groups.map(({ stem, roles, certainty }) => {
    const first = tensors.find((t) => Object.values(roles).includes(t.id))!;
    return {
      id: `names:${stem}`,
      name: stem,
      anchor: first.nameRange ?? first.range,
      roles,
      queryTokens: null,
      keyTokens: null,
      options: {},
      certainty,
    };
  });
}
