import { blocksToText } from "../explain/blocksToText.ts";
import { explainFacts } from "../explain/explainFacts.ts";
import { linesOf } from "../reading/lines.ts";
import { FactGatherer } from "../service/facts.ts";
import { type CommandInput, UsageError } from "./commandLine.ts";

/** `explain FILE --at LINE:COLUMN`, both from 1 as editors show them: the whole text of what a hover says there. */
export async function explainCommand(input: CommandInput, at: string): Promise<string> {
  const { file, text, document, translate, say } = input;
  const place = /^(\d+):(\d+)$/.exec(at);
  if (!place) throw new UsageError(translate("--at expects LINE:COLUMN, both from 1, got {at}.", { at }));
  const [line, character] = [Number(place[1]) - 1, Number(place[2]) - 1];
  const offset = linesOf(text).offset({ line, character });
  const mirrored = { ...input, uri: file, reading: document, version: 1, readVersion: 1 };
  const facts = await new FactGatherer().gather(mirrored, { uri: file, offset });
  if (!facts) throw new UsageError(translate("{file}: there is no tensor at {at}.", { file, at }));
  return blocksToText(explainFacts(facts, { translate, say, verbosity: "everything" }));
}
