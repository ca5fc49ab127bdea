import { type Disposable, EventEmitter, type FileRenameEvent } from "vscode";
import type { AttendOptions, Choice, ResultSummary } from "../../protocol/core.ts";
import type { PanelTour } from "../../protocol/panel.ts";
import { CallError } from "../../protocol/rpc.ts";
import { noTrials, type Trials } from "../../protocol/whatIf.ts";
import type { Part } from "../../reading/document.ts";
import { renamed } from "../../sources/renames.ts";
import { type Attempt, type AttemptParts, attempt } from "./attempt.ts";
import { HeldResults } from "./heldResults.ts";
import { LatestRun } from "./latestRun.ts";
import { OwnMoves } from "./ownMoves.ts";
import { firstState, type SessionState } from "./sessionState.ts";
import { watchSource } from "./watchSource.ts";
import { optionsOf } from "./whatIf.ts";

type Replaced = NonNullable<AttendOptions["replaced"]>;

/** Shorter work than this, in milliseconds, is not worth saying that it is under way. */
const patience = 300;

export interface SessionParts extends AttemptParts {
  readonly onFailure: (error: unknown) => void;
}

/** What a panel is about: a document, what was chosen in it, and its last good result. Knows nothing of pages. */
export class PanelSession implements Disposable {
  readonly #parts: SessionParts;
  readonly #changed = new EventEmitter<void>();
  /** Carets and texts that we move ourselves. */
  readonly ownMoves = new OwnMoves();
  readonly #watching: Disposable;
  readonly #results: HeldResults;
  readonly #run = new LatestRun<Attempt | null>(patience, () => void this.#stillRunning());
  /** The document that is wanted: ahead of `#state.uri` while it is computed. */
  #uri: string | null = null;
  #state = firstState;
  #tours = 0;
  #preview: Replaced | null = null;
  #picks = 0;
  #watched = false;
  /** Something changed while nobody looked. */
  #neglected = false;
  /** Whatever a page shows may have changed. */
  readonly onDidChange = this.#changed.event;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#results = new HeldResults(parts.core, parts.onFailure);
    this.#watching = watchSource(parts, this);
  }

  get state(): SessionState {
    return { ...this.#state, result: this.#results.shown, baseline: this.#results.baseline };
  }

  /** The result of this number, if it is or was shown a moment ago. */
  recent(result: number): ResultSummary | undefined {
    return this.#results.recent(result);
  }

  /** The document that the session is about, or will be in a moment. */
  get uri(): string | null {
    return this.#uri;
  }

  /** Makes this document the source, and of it what was chosen; null: what stands out in it. */
  show(uri: string, choice: Choice | null): void {
    const trials = uri === this.#uri ? this.#state.trials : noTrials;
    this.#uri = uri;
    this.#state = { ...this.#state, choice, trials };
    this.refresh();
  }

  /** The user looks at another editor. */
  follow(uri: string): void {
    if (!this.#state.pinned && uri !== this.#uri) this.show(uri, null);
  }

  pin(pinned: boolean): void {
    this.#update({ pinned });
  }

  /** Follows the editor again, at once. */
  unpin(uri: string | null): void {
    this.pin(false);
    if (uri !== null) this.follow(uri);
  }

  /** Computes with what the user tries out. */
  tryOut(trials: Trials): void {
    this.#state = { ...this.#state, trials };
    this.refresh();
  }

  /** Keeps what the page shows, or showed a moment ago, to compare with. */
  keepShown(result: number): void {
    const held = this.#results.held(result);
    if (held) this.keep(held);
  }

  /** Keeps a result to compare with, instead of the one before; null: none. */
  keep(baseline: ResultSummary | null): void {
    this.#results.keep(baseline);
    this.#changed.fire();
  }

  /** A number that the user tries out, not in the text yet. */
  get previewed(): Replaced | null {
    return this.#preview;
  }

  /** The weights as they would be with another number in the text; null: with the text as it is. */
  preview(replaced: Replaced | null): void {
    if (!replaced && !this.#preview) return;
    this.#preview = replaced;
    this.refresh();
  }

  /** Ends this preview; a newer one stays. */
  endPreview(of: Replaced | null): void {
    if (this.#preview === of) this.preview(null);
  }

  /** How often a cell or a stage was chosen in the page: what the caret says of an earlier moment no longer matters. */
  get picks(): number {
    return this.#picks;
  }

  /** The user chose a cell or a stage in the page: a page that comes back must not go to where the caret was before. */
  pick(): void {
    this.#picks++;
    const { crosshair, part } = this.#state;
    this.#state = {
      ...this.#state,
      crosshair: { serial: crosshair.serial, query: null, key: null },
      part: { serial: part.serial, part: null },
    };
  }

  moveCrosshair(query: number | null, key: number | null): void {
    this.#update({ crosshair: { serial: this.#state.crosshair.serial + 1, query, key } });
  }

  /** The caret came to an expression that makes or uses this part. */
  showPart(part: Part): void {
    this.#update({ part: { serial: this.#state.part.serial + 1, part } });
  }

  /** Gives the reader pages to read instead of the stages; null: the stages again. */
  tell(tour: Pick<PanelTour, "title" | "pages"> | null): void {
    this.#update({ tour: tour && { ...tour, serial: ++this.#tours, page: 0 } });
  }

  /** The page turned itself: only remembered, for when it comes back. */
  turn(serial: number, page: number): void {
    const { tour } = this.#state;
    if (tour?.serial === serial)
      this.#state = { ...this.#state, tour: { ...tour, page: Math.min(page, tour.pages.length - 1) } };
  }

  /** While nobody looks, nothing is computed. */
  watch(watched: boolean): void {
    this.#watched = watched;
    if (watched && this.#neglected) this.refresh();
  }

  /** Computes anew; a run that goes on is given up. */
  refresh(): void {
    const uri = this.#uri;
    this.#neglected = !this.#watched;
    this.#run.stop();
    if (this.#neglected || uri === null) return;
    const { choice } = this.#state;
    const overrides = { ...optionsOf(this.#state.trials.current), ...(this.#preview && { replaced: this.#preview }) };
    this.#run.start(
      (signal) => attempt(this.#parts, { uri, choice, overrides }, signal).catch((error) => this.#failure(error)),
      (outcome) => outcome && this.#settle(uri, outcome),
      (outcome) => outcome?.kind === "result" && this.#results.discard(outcome.result),
    );
  }

  /** The user does not want to wait: what goes on is given up, and the last result stays. */
  stop(): void {
    if (this.#state.status !== "running") return;
    this.#run.stop();
    const text = this.#parts.translate("Stopped. Edit the file or run it again to go on.");
    this.#update({ status: this.#results.shown ? "stale" : "live", text });
  }

  /** The source was closed: the last result, if there is one, stays. */
  gone(): void {
    this.#run.stop();
    const { translate } = this.#parts;
    const text = this.#results.shown
      ? translate("The file was closed. This is its last result.")
      : translate("The file was closed.");
    this.#update({ status: "gone", text });
  }

  renamed(files: FileRenameEvent["files"]): void {
    const uri = this.#uri && renamed(this.#uri, files);
    if (!uri) return;
    this.#uri = uri;
    this.refresh();
  }

  /** The core that held the results is no more, and the next one numbers its own anew: pages must forget the old ones. */
  lost(): void {
    this.#results.forget();
    this.#changed.fire();
    this.refresh();
  }

  dispose(): void {
    this.#run.stop();
    this.#results.show(null);
    this.#results.keep(null);
    this.#watching.dispose();
    this.#changed.dispose();
  }

  #update(part: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...part };
    this.#changed.fire();
  }

  /**
   * A share is known of files that are read in ranges. A text that the editor has open is at most 50 MB, which JSON's reader
   * takes in within 0.2 s; how long a program goes on nobody knows before it ends.
   */
  async #stillRunning(): Promise<void> {
    const uri = this.#uri!;
    if (this.#state.status !== "running") this.#update({ status: "running", done: null });
    const done = await this.#parts.core.remote.progress({ uri }).catch(() => null);
    if (this.#state.status === "running" && uri === this.#uri && done !== this.#state.done) this.#update({ done });
  }

  /** A result that cannot be had leaves the last good one of the same document. */
  #settle(uri: string, outcome: Attempt): void {
    const { summary } = outcome;
    if (outcome.kind === "result") {
      this.#results.show(outcome.result);
      this.#state = { ...this.#state, shownChoice: outcome.choice };
    } else if (this.#state.uri !== uri) this.#results.show(null);
    if (outcome.kind === "result" || !this.#results.shown) {
      this.#update({ uri, summary, status: "live", text: outcome.kind === "none" ? outcome.text : undefined });
    } else {
      this.#update({ uri, summary, status: summary ? "stale" : "gone", text: outcome.text });
    }
  }

  #failure(error: unknown): Attempt | null {
    if (CallError.is(error) && error.reason !== "failed") return null;
    this.#parts.onFailure(error);
    const text = this.#parts.translate("This could not be computed. The log says why (Attention: Show Log).");
    return { kind: "none", text, summary: this.#state.summary };
  }
}
