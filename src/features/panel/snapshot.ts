import { env, l10n, Uri } from "vscode";
import type { AttendOptions, DocumentSummary } from "../../protocol/core.ts";
import type { PanelSnapshot, PanelSource, WhatIf } from "../../protocol/panel.ts";
import type { Message, Translate } from "../../tensor/message.ts";
import { settingsFor } from "../settings.ts";
import { rolesText } from "../shapes.ts";
import type { SessionState } from "./sessionState.ts";

/** Everything a page needs to draw itself from nothing. */
export function snapshotOf(
  state: SessionState,
  translate: Translate,
  say: (message: Message) => string,
): PanelSnapshot {
  const { uri, result, baseline, crosshair, overrides, tour } = state;
  return {
    locale: env.language,
    strings: l10n.bundle ?? {},
    source: uri === null ? null : sourceOf(uri, state),
    result,
    sites: uri === null ? [] : sitesOf(state, translate),
    crosshair,
    tour,
    settings: { colorMap: settingsFor(uri === null ? undefined : Uri.parse(uri)).colorMap },
    overrides: whatIfOf(overrides),
    baseline,
    notes: (result?.notes ?? []).map(say),
  };
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

/** The options as the page keeps them: everything that is not tried out is null, or empty. */
function whatIfOf({ causal, scale, softcap, window, blocked, excluded }: AttendOptions): WhatIf {
  return {
    causal: causal ?? null,
    scale: scale ?? null,
    softcap: softcap ?? null,
    window: window ? [...window] : null,
    blocked: (blocked ?? []).map(([query, key]) => [query, key]),
    excluded: [...(excluded ?? [])],
  };
}

/** The other way: what is null or empty leaves the document and the settings their say. */
export function optionsOf({ causal, scale, softcap, window, blocked, excluded }: WhatIf): AttendOptions {
  return {
    ...(causal !== null && { causal }),
    ...(scale !== null && { scale }),
    ...(softcap !== null && softcap > 0 && { softcap }),
    ...(window !== null && { window }),
    ...(blocked.length > 0 && { blocked }),
    ...(excluded.length > 0 && { excluded }),
  };
}
