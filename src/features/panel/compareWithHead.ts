import { Uri, window, workspace } from "vscode";
import { inLabel } from "../../explain/visible.ts";
import type { CoreSession } from "../../sources/coreSession.ts";
import type { DocumentMirror } from "../../sources/documentMirror.ts";
import { nameOf } from "../../sources/nameOf.ts";
import type { Message, Translate } from "../../tensor/message.ts";
import { settingsFor } from "../settings.ts";
import type { PanelSession } from "./session.ts";
import { optionsOf } from "./whatIf.ts";

export interface CompareParts {
  readonly core: CoreSession;
  readonly mirror: DocumentMirror;
  readonly translate: Translate;
  readonly say: (message: Message) => string;
}

/** **Compare with HEAD**: the same attention of the file as it was committed last becomes what is compared with. */
export class CompareWithHead {
  readonly #parts: CompareParts;

  constructor(parts: CompareParts) {
    this.#parts = parts;
  }

  async compare(session: PanelSession): Promise<void> {
    const { result, shownChoice: choice, trials, baseline } = session.state;
    const { core, mirror, translate, say } = this.#parts;
    if (!result || !choice) {
      return void window.showInformationMessage(translate("The panel shows no weights yet that could be compared."));
    }
    const committed = await workspace.openTextDocument(headOf(result.uri)).then(undefined, () => null);
    const summary = committed && (await mirror.reading(committed));
    if (!summary) {
      const name = nameOf(result.uri);
      return void window.showInformationMessage(
        inLabel(translate("Git has no committed version of {name}.", { name })),
      );
    }
    const options = { ...settingsFor(Uri.parse(result.uri)).options, ...optionsOf(trials.current) };
    const outcome = await core.remote.attend({ uri: summary.uri, choice, options });
    // Whoever kept something else meanwhile, or went to another file, no longer waits for this.
    const isWanted = session.state.baseline === baseline && session.uri === result.uri;
    if (outcome.ok) isWanted ? session.keep(outcome.value) : void core.remote.release({ result: outcome.value.result });
    else void window.showWarningMessage(inLabel(say(outcome.problem)));
  }
}

/** The address under which VS Code's Git extension gives the committed text. */
function headOf(uri: string): Uri {
  const file = Uri.parse(uri);
  return file.with({ scheme: "git", query: JSON.stringify({ path: file.fsPath, ref: "HEAD" }) });
}
