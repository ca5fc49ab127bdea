import type { JSX } from "preact";
import type { ResultSummary } from "../../src/protocol/core.ts";
import type { PanelSource } from "../../src/protocol/panel.ts";
import type { Dim, Role } from "../../src/reading/document.ts";
import { shapeText } from "../../src/tensor/tensor.ts";
import { usePanel, useSelect, useTranslate, useWish } from "../context.ts";
import { Button, Dropdown } from "../ui/controls.ts";

/** `file · Q 4×8 K 6×8 V 6×8`, whether it follows the text, and why not where it does not. */
export function SourceLine(): JSX.Element | null {
  const { link } = usePanel();
  const translate = useTranslate();
  const source = useSelect(({ snapshot }) => snapshot?.source ?? null);
  const result = useSelect(({ snapshot }) => snapshot?.result ?? null);
  const sites = useSelect(({ snapshot }) => snapshot?.sites);
  const notes = useSelect(({ snapshot }) => snapshot?.notes);
  const [pinned, wishPinned] = useWish(source?.pinned ?? false);
  const [site, wishSite] = useWish(sites?.find(({ current }) => current)?.id ?? "");
  if (!source) return null;
  const pin = () => wishPinned(!pinned, () => link.intent({ kind: "setPinned", pinned: !pinned }));
  return (
    <header class="source">
      {source.status === "running" && <div class="progress" aria-hidden="true" />}
      <div class="source-line">
        <span
          class={`dot ${source.status}`}
          role="img"
          aria-label={statusName(source.status, translate)}
          title={statusName(source.status, translate)}
        />
        <div class="source-name">
          <button
            type="button"
            class="link"
            title={translate("Show in the editor")}
            onClick={() => link.intent({ kind: "revealSource" })}
          >
            {source.name}
          </button>
          {result && <span class="shapes">{shapesOf(result)}</span>}
          {result?.sampled !== undefined && (
            <span class="sampled">{translate("sampled (seed {seed})", { seed: result.sampled })}</span>
          )}
        </div>
        <Button
          kind="icon"
          pressed={pinned}
          label={pinned ? translate("Follow the active editor") : translate("Stay with this file")}
          onPress={pin}
        >
          <PinPicture pinned={pinned} />
        </Button>
      </div>
      {sites && sites.length > 1 && (
        <Dropdown
          label={translate("Attention in this file")}
          value={site}
          options={sites.map(({ id, name }) => ({ value: id, text: name }))}
          onChoose={(chosen) => wishSite(chosen, () => link.intent({ kind: "chooseSite", site: chosen }))}
        />
      )}
      {source.text && (
        <p class={`notice ${source.status}`} role="status">
          {source.text}
        </p>
      )}
      {result && result.fullyMaskedRows > 0 && (
        <p class="notice">
          {translate("Queries that may attend to no key: {0}. Their weights and output are 0.", {
            0: result.fullyMaskedRows,
          })}
        </p>
      )}
      {notes?.map((note) => (
        <p class="notice" key={note}>
          {note}
        </p>
      ))}
    </header>
  );
}

const letters: Readonly<Partial<Record<Role, string>>> = { query: "Q", key: "K", value: "V" };

function shapesOf({ roles }: ResultSummary): JSX.Element[] {
  return (["query", "key", "value", "weights"] as const).flatMap((role) => {
    const tensor = roles[role];
    if (!tensor) return [];
    const shape: readonly Dim[] = tensor.shape ?? [];
    return [
      <span key={role} title={tensor.path}>
        <b>{letters[role] ?? tensor.name}</b> {shapeText(shape)}
      </span>,
    ];
  });
}

function statusName(status: PanelSource["status"], translate: ReturnType<typeof useTranslate>): string {
  switch (status) {
    case "live":
      return translate("Follows the text");
    case "running":
      return translate("Computing…");
    case "stale":
      return translate("The text has changed; this is the last result");
    case "gone":
      return translate("The file is closed; this is its last result");
  }
}

function PinPicture({ pinned }: { readonly pinned: boolean }): JSX.Element {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path
        d={pinned ? "M5 2h6l-1 4 3 3v1H8.6v4L8 15l-.6-1v-4H3V9l3-3z" : "M5 2h6l-1 4 3 3v1H3V9l3-3zM8 10v5"}
        fill={pinned ? "currentColor" : "none"}
        stroke="currentColor"
      />
    </svg>
  );
}
