import type { Choice, DocumentSummary, ResultSummary } from "../../protocol/core.ts";
import type { PanelTour, SourceStatus } from "../../protocol/panel.ts";
import { noTrials, type Trials } from "../../protocol/whatIf.ts";
import type { Part } from "../../reading/document.ts";

export interface Crosshair {
  readonly serial: number;
  readonly query: number | null;
  readonly key: number | null;
}

/** What a panel shows, as the host knows it. */
export interface SessionState {
  /** The document that result and sentence are about; null: nothing was shown yet. */
  readonly uri: string | null;
  readonly result: ResultSummary | null;
  /** Which tensors the result is of. */
  readonly shownChoice: Choice | null;
  /** An earlier result, kept to compare with. */
  readonly baseline: ResultSummary | null;
  readonly summary: DocumentSummary | null;
  readonly status: SourceStatus;
  /** While it is running: the share that is done, 0 … 1; null where that is not known. */
  readonly done: number | null;
  /** Why there is no result, or why it is not that of the text as it is. */
  readonly text: string | undefined;
  readonly pinned: boolean;
  /** null: what the user chose for the file, else what stands out in it. */
  readonly choice: Choice | null;
  /** What is tried out in the panel. */
  readonly trials: Trials;
  readonly crosshair: Crosshair;
  /** The part that the expression under the cursor plays. */
  readonly part: { readonly serial: number; readonly part: Part | null };
  readonly tour: PanelTour | null;
}

export const firstState: SessionState = {
  uri: null,
  result: null,
  shownChoice: null,
  baseline: null,
  summary: null,
  status: "live",
  done: null,
  text: undefined,
  pinned: false,
  choice: null,
  trials: noTrials,
  crosshair: { serial: 0, query: null, key: null },
  part: { serial: 0, part: null },
  tour: null,
};
