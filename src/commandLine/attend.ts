import { attend } from "../attention/engine.ts";
import type { AttentionResult } from "../attention/result.ts";
import { attentionText, plainAttention } from "../exporting/attentionText.ts";
import type { AttendOptions, Choice } from "../protocol/core.ts";
import type { TensorDocument, TensorEntry } from "../reading/document.ts";
import { linesOf } from "../reading/lines.ts";
import { givenIn, problemOf, type ResolvedSite, resolve } from "../service/sites.ts";
import type { Outcome, Translate } from "../tensor/message.ts";
import { type CommandInput, UsageError } from "./commandLine.ts";
import { onnxOutputs } from "./onnxCase.ts";

export interface AttendCommandOptions extends AttendOptions {
  readonly json: boolean;
  /** Names or paths of tensors; absent: as the file says. */
  readonly query?: string;
  readonly key?: string;
  readonly value?: string;
  readonly mask?: string;
}

/** `attend FILE`: the weights and the output of the file's attention problem. */
export async function attendCommand(input: CommandInput, options: AttendCommandOptions): Promise<string> {
  const outputs = options.json && options.query === undefined ? onnxOutputs(input) : null;
  if (outputs) return outputs;
  const site = siteOf(input, options);
  const result = valueOr(await compute(site, options), input);
  if (options.json) return JSON.stringify(plainAttention(result));
  return attentionText(result, {
    queries: site.site.queryTokens?.labels ?? null,
    keys: site.site.keyTokens?.labels ?? null,
    head: (batch, head) => headTitle(site, batch, head, input.translate),
  });
}

/** `layer 1, head 3` where the file says that layers come first. */
function headTitle({ site: { axes } }: ResolvedSite, batch: number, head: number, translate: Translate): string {
  const front = axes?.batch?.labels?.[batch] ?? batch;
  const first =
    axes?.batch?.meaning === "layer" ? translate("layer {0}", { 0: front }) : translate("batch {0}", { 0: front });
  return `${first}, ${translate("head {0}", { 0: axes?.head?.labels?.[head] ?? head })}`;
}

function siteOf(input: CommandInput, options: AttendCommandOptions): ResolvedSite {
  return valueOr(resolve(input.document, choiceOf(input, options)), input);
}

async function compute(site: ResolvedSite, options: AttendOptions): Promise<Outcome<AttentionResult>> {
  const given = givenIn(site);
  if (given) return given;
  const problem = problemOf(site, options);
  return problem.ok ? attend(problem.value) : problem;
}

function choiceOf(input: CommandInput, { query, key, value, mask }: AttendCommandOptions): Choice {
  const { document, file, translate } = input;
  if (query !== undefined) {
    const named = { query, key: key ?? query, value: value ?? key ?? query, ...(mask !== undefined && { mask }) };
    const ids = Object.entries(named).map(([role, name]) => [role, entryNamed(document, name, translate).id]);
    return Object.fromEntries(ids) as Extract<Choice, { query: string }>;
  }
  const site = document.sites.find(({ certainty }) => certainty === "recognised") ?? document.sites[0];
  if (site) return { site: site.id };
  const why = broken(input);
  if (why) throw new UsageError(`${file}: ${why}`);
  // A vector, or an empty list, plays no part.
  const matrices = document.tensors.filter(({ shape }) => !shape || shape.length >= 2);
  const names = matrices.map(({ path }) => path).join(", ");
  throw new UsageError(
    names
      ? translate("{file}: no attention problem found. Name the tensors with --query, --key and --value: {names}.", {
          file,
          names,
        })
      : translate("{file}: no attention problem found: there is no matrix in it.", { file }),
  );
}

function entryNamed({ tensors }: TensorDocument, name: string, translate: CommandInput["translate"]): TensorEntry {
  const found = tensors.find((entry) => entry.path === name) ?? tensors.find((entry) => entry.name === name);
  if (found) return found;
  const names = tensors.map(({ path }) => path).join(", ");
  throw new UsageError(translate("No tensor is called {name}. There are: {names}.", { name, names }));
}

function valueOr<T>(outcome: Outcome<T>, input: CommandInput): T {
  if (!outcome.ok) throw new UsageError(`${input.file}: ${broken(input) ?? input.say(outcome.problem)}`);
  return outcome.value;
}

/** Where a text ends being one of its language, and so does what can be known of it; null where it does not. */
function broken({ document, text, translate, say }: CommandInput): string | null {
  const problem = document.problems.find((each) => each.broken);
  if (!problem) return null;
  const line = linesOf(text).position(problem.range.start).line + 1;
  return translate("Line {line}: {problem}", { line, problem: say(problem.message) });
}
