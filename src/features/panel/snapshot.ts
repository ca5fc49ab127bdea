import { env, l10n, Uri } from "vscode";
import type { DocumentSummary } from "../../protocol/core.ts";
import type { PanelSnapshot, PanelSource } from "../../protocol/panel.ts";
import type { Message, Translate } from "../../tensor/message.ts";
import { settingsFor } from "../settings.ts";
import { rolesText } from "../shapes.ts";
import type { SessionState } from "./sessionState.ts";
import { whatIfOf } from "./whatIf.ts";

/** Everything a page needs to draw itself from nothing. */
export function snapshotOf(
  state: SessionState,
  translate: Translate,
  say: (message: Message) => string,
): PanelSnapshot {
  const { uri, result, baseline, crosshair, part, overrides, tour } = state;
  return {
    locale: env.language,
    strings: l10n.bundle ?? {},
    source: uri === null ? null : sourceOf(uri, state),
    result,
    sites: uri === null ? [] : sitesOf(state, translate),
    crosshair,
    part,
    tour,
    settings: { colorMap: settingsFor(uri === null ? undefined : Uri.parse(uri)).colorMap },
    overrides: whatIfOf(overrides),
    baseline,
    notes: [...(result?.given ? [givenNote(translate)] : []), ...(result?.notes ?? []).map(say)],
  };
}

function givenNote(translate: Translate): string {
  return translate("These weights are given by the file: nothing was computed.");
}

function sourceOf(uri: string, { status, text, pinned }: SessionState): PanelSource {
  return { uri, name: nameOf(uri), status, pinned, ...(text !== undefined && { text }) };
}

/** The last part of the path, as tabs show it. */
export function nameOf(uri: string): string {
  const { path } = Uri.parse(uri);
  return path.slice(path.lastIndexOf("/") + 1) || path;
}

function sitesOf({ summary, result }: SessionState, translate: Translate): PanelSnapshot["sites"] {
  const sites = shown(summary, result?.site ?? null).map(({ id, name, roles }) => ({
    id,
    name: name || rolesText(roles),
    current: id === result?.site,
  }));
  return result && result.site === null ? [{ id: "", name: translate("As chosen"), current: true }, ...sites] : sites;
}

function shown(summary: DocumentSummary | null, current: string | null): DocumentSummary["sites"] {
  return summary?.sites.filter(({ certainty, id }) => certainty === "recognised" || id === current) ?? [];
}
