import { env, l10n, Uri } from "vscode";
import type { DocumentSummary, ResultSummary } from "../../protocol/core.ts";
import type { PanelSnapshot, PanelSource } from "../../protocol/panel.ts";
import { nameOf } from "../../sources/nameOf.ts";
import type { Message, Translate } from "../../tensor/message.ts";
import { settingsFor } from "../settings.ts";
import { rolesText } from "../shapes.ts";
import type { SessionState } from "./sessionState.ts";

/** Everything a page needs to draw itself from nothing. */
export function snapshotOf(
  state: SessionState,
  heard: number,
  translate: Translate,
  say: (message: Message) => string,
): PanelSnapshot {
  const { uri, result, baseline, crosshair, part, trials, tour } = state;
  return {
    heard,
    locale: env.language,
    strings: l10n.bundle ?? {},
    source: uri === null ? null : sourceOf(uri, state),
    result,
    sites: uri === null ? [] : sitesOf(state, translate),
    crosshair,
    part,
    tour,
    settings: { colorMap: settingsFor(uri === null ? undefined : Uri.parse(uri)).colorMap },
    overrides: trials.current,
    canTakeBack: trials.past.length > 0,
    baseline,
    notes: [...(result?.given ? [givenNote(result, translate)] : []), ...(result?.notes ?? []).map(say)],
  };
}

function givenNote({ written }: ResultSummary, translate: Translate): string {
  if (written) return translate("The code makes these weights by itself, not from a query and a key.");
  return translate("These weights are given by the file: nothing was computed.");
}

function sourceOf(uri: string, { status, done, text, pinned }: SessionState): PanelSource {
  const known = status === "running" && done !== null && { done };
  return { uri, name: nameOf(uri), status, pinned, ...known, ...(text !== undefined && { text }) };
}

function sitesOf({ summary, result, choice }: SessionState, translate: Translate): PanelSnapshot["sites"] {
  const sites = shown(summary, result?.site ?? null);
  const wanted = choice && "site" in choice ? choice.site : null;
  const current = sites.some(({ id }) => id === wanted) ? wanted : (result?.site ?? null);
  const options = sites.map(({ id, name, roles }) => ({
    id,
    name: name || rolesText(roles),
    current: id === current,
  }));
  if (!result || result.site !== null) return options;
  return [{ id: "", name: translate("As chosen"), current: current === null }, ...options];
}

function shown(summary: DocumentSummary | null, current: string | null): DocumentSummary["sites"] {
  return summary?.sites.filter(({ certainty, id }) => certainty === "recognised" || id === current) ?? [];
}
