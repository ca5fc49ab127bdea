import { noTrials } from "../../protocol/whatIf.ts";
import type { SourceDocuments } from "../../sources/sourceDocuments.ts";
import type { Restored } from "./restoredState.ts";
import type { PanelSession } from "./session.ts";

/** Gives a session what its page showed in an earlier window. What the user has turned to since then goes before it. */
export async function restoreSession(
  session: PanelSession,
  { uri, pinned, overrides, site }: Restored,
  documents: SourceDocuments,
): Promise<void> {
  // Before anything is waited for: a pinned panel must not follow an editor meanwhile.
  session.pin(pinned);
  // A file that is gone leaves an empty panel, which says what to do.
  if (!(await documents.open(uri)) || (session.uri !== null && session.uri !== uri)) return;
  session.show(uri, site === null ? null : { site });
  session.tryOut({ ...noTrials, current: overrides });
}
