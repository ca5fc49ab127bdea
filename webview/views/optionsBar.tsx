import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type ColorMapName, colorMapNames } from "../../src/picture/colorMaps.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { useDispatch, usePanel, useSelect, useTranslate } from "../context.ts";
import { hiddenKeys, shownKeys } from "../data/filters.ts";
import { gridOf, usePatchGrid } from "../data/patches.ts";
import { useWeights } from "../data/rows.ts";
import { pick } from "../picking.ts";
import type { Filter } from "../state.ts";
import { Checkbox, Dropdown, TextField } from "../ui/controls.ts";
import { isSpecial } from "../words.ts";
import { percent } from "./queryView.tsx";

interface OptionsProps {
  readonly result: ResultSummary;
}

/** What of the weights is shown, in which colours, and where a word stands. */
export function OptionsBar({ result }: OptionsProps): JSX.Element {
  const translate = useTranslate();
  return (
    <fieldset class="options" aria-label={translate("What is shown, and how")}>
      <FilterChoice result={result} />
      <ColorChoice />
      {(result.keyTokens ?? result.queryTokens) && <FindToken result={result} />}
      <TokenWindow result={result} />
      {gridOf(result) && <PictureChoice result={result} />}
    </fieldset>
  );
}

/** As many positions as a square has: only a reader knows whether they are a picture. */
function PictureChoice({ result }: OptionsProps): JSX.Element {
  const translate = useTranslate();
  const dispatch = useDispatch();
  const isPicture = usePatchGrid(result) !== null;
  return (
    <Checkbox
      checked={isPicture}
      onChange={(checked) =>
        dispatch({ type: "ui", change: { isPicture: checked, view: checked ? "patches" : "map" } })
      }
    >
      {translate("Positions are patches of a picture")}
    </Checkbox>
  );
}

function FilterChoice({ result }: OptionsProps): JSX.Element {
  const translate = useTranslate();
  const dispatch = useDispatch();
  const filter = useSelect(({ ui }) => ui.filter);
  const hideSpecial = useSelect(({ ui }) => ui.hideSpecial);
  const set = (next: Filter) => dispatch({ type: "ui", change: { filter: next } });
  const kinds = [
    { value: "all", text: translate("All weights") },
    { value: "top", text: translate("Largest of each query") },
    { value: "threshold", text: translate("At least") },
  ];
  const fresh: Record<Filter["kind"], Filter> = {
    all: { kind: "all" },
    top: { kind: "top", count: 3 },
    threshold: { kind: "threshold", least: 0.05 },
  };
  const hasSpecial = result.keyTokens?.some(isSpecial) ?? false;
  return (
    <>
      <Dropdown
        label={translate("Which weights are shown")}
        value={filter.kind}
        options={kinds}
        onChoose={(kind) => set(fresh[kind as Filter["kind"]])}
      />
      {filter.kind === "top" && (
        <TextField
          label={translate("How many of each query")}
          value={String(filter.count)}
          size={3}
          onCommit={(text) => Number(text) >= 1 && set({ kind: "top", count: Math.floor(Number(text)) })}
        />
      )}
      {filter.kind === "threshold" && (
        <TextField
          label={translate("Least weight")}
          value={String(filter.least)}
          size={6}
          onCommit={(text) =>
            text.trim() !== "" && Number(text) >= 0 && set({ kind: "threshold", least: Number(text) })
          }
        />
      )}
      {(filter.kind !== "all" || (hideSpecial && hasSpecial)) && <Mass result={result} />}
      {hasSpecial && (
        <Checkbox
          checked={hideSpecial}
          onChange={(checked) => dispatch({ type: "ui", change: { hideSpecial: checked } })}
        >
          {translate("Hide special tokens")}
        </Checkbox>
      )}
    </>
  );
}

/** How much of the selected query's weight the filter still shows. */
function Mass({ result }: OptionsProps): JSX.Element | null {
  const translate = useTranslate();
  const query = useSelect(({ ui }) => ui.query);
  const filter = useSelect(({ ui }) => ui.filter);
  const hideSpecial = useSelect(({ ui }) => ui.hideSpecial);
  const { value: row } = useWeights(result, query);
  if (!row) return null;
  const { keys, mass } = shownKeys(row.weights, filter, hiddenKeys(hideSpecial, result, row.keys));
  return (
    <span class="mass" role="status">
      {translate("showing {0} of this query's weight · keys: {1}", { 0: percent(mass), 1: keys.length })}
    </span>
  );
}

function ColorChoice(): JSX.Element {
  const translate = useTranslate();
  const dispatch = useDispatch();
  const chosen = useSelect(({ ui }) => ui.colorMap);
  const scale = useSelect(({ ui }) => ui.scale);
  const perRow = useSelect(({ ui }) => ui.perRow);
  const names = [
    { value: "", text: translate("Colors: automatic") },
    ...colorMapNames.map((name) => ({ value: name, text: colorName(name, translate) })),
  ];
  const scales = [
    { value: "linear", text: translate("Linear scale") },
    { value: "log", text: translate("Logarithmic scale") },
  ];
  return (
    <>
      <Dropdown
        label={translate("Colors")}
        value={chosen ?? ""}
        options={names}
        onChoose={(name) => dispatch({ type: "ui", change: { colorMap: name === "" ? null : name } })}
      />
      <Dropdown
        label={translate("Scale of the colors")}
        value={scale}
        options={scales}
        onChoose={(kind) => dispatch({ type: "ui", change: { scale: kind as "linear" } })}
      />
      <Checkbox checked={perRow} onChange={(checked) => dispatch({ type: "ui", change: { perRow: checked } })}>
        {translate("Colors by row")}
      </Checkbox>
    </>
  );
}

/** Names that people know stay as they are; words are translated. */
function colorName(name: ColorMapName, translate: ReturnType<typeof useTranslate>): string {
  if (name === "gray") return translate("gray");
  return name === "diverging" ? translate("diverging") : name;
}

/** A text of so many tokens is read in parts. */
const longText = 96;

/** Of a long text, from which token to which the map shows it; the map's zoom, in numbers. */
function TokenWindow({ result }: OptionsProps): JSX.Element | null {
  const translate = useTranslate();
  const dispatch = useDispatch();
  const zoom = useSelect(({ ui }) => ui.zoom);
  const isMap = useSelect(({ ui }) => ui.view === "map" && ui.stage !== "output");
  const { queries, keys } = result.sizes;
  if (!isMap || queries !== keys || keys < longText) return null;
  const from = Math.max(0, Math.round(zoom.key));
  const to = Math.min(keys - 1, Math.round(zoom.key + keys / zoom.k) - 1);
  const set = (first: number, last: number) => {
    if (!(first >= 0 && last > first && last < keys)) return;
    dispatch({ type: "ui", change: { zoom: { k: keys / (last - first + 1), query: first, key: first } } });
  };
  return (
    <span class="pair">
      {translate("Tokens")}
      <TextField
        label={translate("First token that is shown")}
        size={5}
        value={String(from)}
        onCommit={(text) => set(Math.round(Number(text)), to > Number(text) ? to : keys - 1)}
      />
      –
      <TextField
        label={translate("Last token that is shown")}
        size={5}
        value={String(to)}
        onCommit={(text) => set(from < Number(text) ? from : 0, Math.round(Number(text)))}
      />
    </span>
  );
}

/** Jumps to the next place of a word, round and round: among the keys, else among the queries. */
function FindToken({ result }: OptionsProps): JSX.Element {
  const translate = useTranslate();
  const panel = usePanel();
  const [text, setText] = useState("");
  const [missing, setMissing] = useState(false);
  const find = () => {
    const wanted = text.trim().toLowerCase();
    if (wanted === "") return;
    // As it is now: Enter may be pressed again before anything is drawn.
    const { key, query } = panel.store.state.ui;
    const inKeys = nextOf(result.keyTokens, wanted, key);
    const inQueries = inKeys === null ? nextOf(result.queryTokens, wanted, query) : null;
    setMissing(inKeys === null && inQueries === null);
    if (inKeys !== null) pick(panel, { key: inKeys });
    else if (inQueries !== null) pick(panel, { query: inQueries });
  };
  return (
    <span class="find">
      <TextField
        label={translate("Find a token; Enter goes to the next")}
        placeholder={translate("Find a token")}
        value={text}
        onInput={setText}
        onEnter={find}
      />
      {missing && <span role="status">{translate("There is none.")}</span>}
    </span>
  );
}

function nextOf(tokens: readonly string[] | null, wanted: string, after: number): number | null {
  if (!tokens) return null;
  for (let i = 1; i <= tokens.length; i++) {
    const at = (after + i) % tokens.length;
    if (tokens[at]!.toLowerCase().includes(wanted)) return at;
  }
  return null;
}
