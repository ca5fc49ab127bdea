import { Disposable, type TabChangeEvent, window, workspace } from "vscode";
import type { CoreSession } from "../../sources/coreSession.ts";
import type { DocumentMirror } from "../../sources/documentMirror.ts";
import { hasTab, tabShows } from "../../sources/tabs.ts";
import type { Choices } from "../choices.ts";
import { onDidChangeSettings } from "../settings.ts";
import type { PanelSession } from "./session.ts";

interface WatchParts {
  readonly core: CoreSession;
  readonly mirror: DocumentMirror;
  readonly choices: Choices;
}

/** Tells a session what happens to its document, wherever that happens. */
export function watchSource({ core, mirror, choices }: WatchParts, session: PanelSession): Disposable {
  const isGone = () => session.state.status === "gone";
  // A file that was not open when it was asked for, such as a large one under its new name, is read by now.
  const isEmpty = () => session.state.result === null;
  return Disposable.from(
    mirror.onDidEdit((uri) => uri.toString() === session.uri && session.refresh()),
    mirror.onDidRead(({ uri }) => uri === session.uri && (isGone() || isEmpty()) && session.refresh()),
    mirror.onDidClose((uri) => uri.toString() === session.uri && session.gone()),
    window.tabGroups.onDidChangeTabs((event) => tabsChanged(event, session)),
    workspace.onDidRenameFiles(({ files }) => session.renamed(files)),
    choices.onDidChange((uri) => uri === session.uri && session.show(uri, null)),
    onDidChangeSettings(() => session.refresh()),
    core.onDidRestart(() => session.lost()),
  );
}

/** A document may stay open in memory for minutes after its last tab was closed; to the user it is closed. */
function tabsChanged({ opened, closed }: TabChangeEvent, session: PanelSession): void {
  const { uri } = session;
  if (uri === null) return;
  if (closed.some((tab) => tabShows(tab, uri)) && !hasTab(uri)) session.gone();
  if (opened.some((tab) => tabShows(tab, uri)) && session.state.status === "gone") session.refresh();
}
