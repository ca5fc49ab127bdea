import { Disposable, EventEmitter, type FileRenameEvent, workspace } from "vscode";
import type { AttendOptions, Choice, DocumentSummary, ResultSummary } from "../../protocol/core.ts";
import type { PanelTour, SourceStatus } from "../../protocol/panel.ts";
import { CallError } from "../../protocol/rpc.ts";
import { renamed } from "../../sources/renames.ts";
import { onDidChangeSettings } from "../settings.ts";
import { type Attempt, type AttemptParts, attempt } from "./attempt.ts";

/** Shorter work than this, in milliseconds, is not worth saying that it is under way. */
const patience = 300;

export interface Crosshair {
  readonly serial: number;
  readonly query: number | null;
  readonly key: number | null;
}

/** What a panel shows, as the session knows it. */
export interface SessionState {
  /** The document that result and sentence are about; null: nothing was shown yet. */
  readonly uri: string | null;
  readonly result: ResultSummary | null;
  /** An earlier result, kept to compare with. */
  readonly baseline: ResultSummary | null;
  readonly summary: DocumentSummary | null;
  readonly status: SourceStatus;
  /** Why there is no result, or why it is not that of the text as it is. */
  readonly text: string | undefined;
  readonly pinned: boolean;
  readonly choice: Choice | null;
  readonly overrides: AttendOptions;
  readonly crosshair: Crosshair;
  readonly tour: PanelTour | null;
}

export interface SessionParts extends AttemptParts {
  readonly onFailure: (error: unknown) => void;
}

/** What a panel is about: a document, what was chosen in it, and its last good result. Knows nothing of pages. */
export class PanelSession implements Disposable {
  readonly #parts: SessionParts;
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: Disposable;
  #uri: string | null = null;
  /** The document that the result, or the sentence, is about: behind `#uri` while the next one is computed. */
  #settled: string | null = null;
  #choice: Choice | null = null;
  #overrides: AttendOptions = {};
  #pinned = false;
  #result: ResultSummary | null = null;
  #baseline: ResultSummary | null = null;
  #summary: DocumentSummary | null = null;
  #status: SourceStatus = "live";
  #text: string | undefined;
  #crosshair: Crosshair = { serial: 0, query: null, key: null };
  #tour: PanelTour | null = null;
  #tours = 0;
  #running: AbortController | null = null;
  #watched = false;
  /** Something changed while nobody looked. */
  #neglected = false;
  /** Whatever a page shows may have changed. */
  readonly onDidChange = this.#changed.event;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { mirror, choices, core } = parts;
    this.#subscriptions = Disposable.from(
      mirror.onDidEdit((uri) => uri.toString() === this.#uri && this.refresh()),
      mirror.onDidRead(({ uri }) => uri === this.#uri && this.#status === "gone" && this.refresh()),
      mirror.onDidClose((uri) => uri.toString() === this.#uri && this.#gone()),
      choices.onDidChange((uri) => uri === this.#uri && this.show(uri, null)),
      core.onDidRestart(() => this.#lost()),
      onDidChangeSettings(() => this.refresh()),
      workspace.onDidRenameFiles(({ files }) => this.#rename(files)),
    );
  }

  get state(): SessionState {
    return {
      uri: this.#settled ?? this.#uri,
      result: this.#result,
      baseline: this.#baseline,
      summary: this.#summary,
      status: this.#status,
      text: this.#text,
      pinned: this.#pinned,
      choice: this.#choice,
      overrides: this.#overrides,
      crosshair: this.#crosshair,
      tour: this.#tour,
    };
  }

  /** Makes this document the source, and of it what was chosen; null: what stands out in it. */
  show(uri: string, choice: Choice | null): void {
    if (uri !== this.#uri) this.#overrides = {};
    this.#uri = uri;
    this.#choice = choice;
    this.refresh();
  }

  /** The user looks at another editor. */
  follow(uri: string): void {
    if (!this.#pinned && uri !== this.#uri) this.show(uri, null);
  }

  pin(pinned: boolean): void {
    this.#pinned = pinned;
    this.#changed.fire();
  }

  /** Follows the editor again, at once. */
  unpin(uri: string | null): void {
    this.pin(false);
    if (uri !== null) this.follow(uri);
  }

  override(overrides: AttendOptions): void {
    this.#overrides = overrides;
    this.refresh();
  }

  /** Keeps a result to compare with, instead of the one before; null: none. */
  keep(baseline: ResultSummary | null): void {
    const old = this.#baseline;
    this.#baseline = baseline;
    if (old && old !== this.#result) this.#drop(old);
    this.#changed.fire();
  }

  moveCrosshair(query: number | null, key: number | null): void {
    this.#crosshair = { serial: this.#crosshair.serial + 1, query, key };
    this.#changed.fire();
  }

  /** Gives the reader pages to read instead of the stages; null: the stages again. */
  tell(tour: Pick<PanelTour, "title" | "pages"> | null): void {
    this.#tour = tour && { ...tour, serial: ++this.#tours, page: 0 };
    this.#changed.fire();
  }

  /** The page turned itself: only remembered, for when it comes back. */
  turn(page: number): void {
    if (this.#tour) this.#tour = { ...this.#tour, page: Math.min(page, this.#tour.pages.length - 1) };
  }

  /** While nobody looks, nothing is computed. */
  watch(watched: boolean): void {
    this.#watched = watched;
    if (watched && this.#neglected) this.refresh();
  }

  /** Computes anew; a run that goes on is given up. */
  refresh(): void {
    this.#neglected = !this.#watched;
    this.#running?.abort();
    this.#running = null;
    if (this.#neglected || this.#uri === null) return;
    const running = new AbortController();
    this.#running = running;
    this.#soonRunning();
    void this.#run(this.#uri, running);
  }

  dispose(): void {
    this.#running?.abort();
    this.#release();
    if (this.#baseline) this.#drop(this.#baseline);
    Disposable.from(this.#subscriptions, this.#changed).dispose();
  }

  async #run(uri: string, running: AbortController): Promise<void> {
    const wanted = { uri, choice: this.#choice, overrides: this.#overrides };
    const outcome = await attempt(this.#parts, wanted, running.signal).catch((error) => this.#failure(error));
    if (this.#running === running) this.#settle(uri, outcome);
    else if (outcome?.kind === "result") this.#drop(outcome.result);
  }

  #failure(error: unknown): Attempt | null {
    if (CallError.is(error) && error.reason !== "failed") return null;
    this.#parts.onFailure(error);
    const text = this.#parts.translate("This could not be computed. The log says why (Attention: Show Log).");
    return { kind: "none", text, summary: this.#summary };
  }

  #settle(uri: string, outcome: Attempt | null): void {
    this.#running = null;
    if (!outcome) return;
    this.#settled = uri;
    this.#summary = outcome.summary;
    if (outcome.kind === "result") this.#replace(outcome.result);
    else if (this.#result?.uri !== uri) this.#release();
    this.#text = outcome.kind === "none" ? outcome.text : undefined;
    this.#status = outcome.kind === "result" || !this.#result ? "live" : outcome.summary ? "stale" : "gone";
    this.#changed.fire();
  }

  #replace(result: ResultSummary): void {
    this.#release();
    this.#result = result;
  }

  #release(): void {
    if (this.#result && this.#result !== this.#baseline) this.#drop(this.#result);
    this.#result = null;
  }

  #drop({ result }: ResultSummary): void {
    this.#parts.core.remote
      .release({ result })
      .catch((error) => CallError.is(error, "closed") || this.#parts.onFailure(error));
  }

  #soonRunning(): void {
    setTimeout(() => {
      if (!this.#running || this.#status === "running") return;
      this.#status = "running";
      this.#changed.fire();
    }, patience);
  }

  #gone(): void {
    this.#running?.abort();
    this.#running = null;
    this.#status = "gone";
    this.#text = this.#parts.translate("The file was closed. This is its last result.");
    this.#changed.fire();
  }

  #rename(files: FileRenameEvent["files"]): void {
    const uri = this.#uri && renamed(this.#uri, files);
    if (!uri) return;
    this.#uri = uri;
    this.refresh();
  }

  /** The core that held the result is no more. */
  #lost(): void {
    this.#result = null;
    this.#baseline = null;
    this.refresh();
  }
}
