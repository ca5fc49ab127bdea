import { type Disposable, EventEmitter } from "vscode";
import type { CoreWorker } from "../platform/contract.ts";
import { type CoreApi, coreMethods } from "../protocol/core.ts";
import { foreseeing } from "../protocol/foresight.ts";
import { LifeWatch, type Patience } from "../protocol/lifeWatch.ts";
import { type Calls, callsOver, type Remote } from "../protocol/rpc.ts";
import { Suspects } from "../protocol/suspects.ts";

/** How often the core may end without a document to blame before it stays down: it would do nothing else. */
const attempts = 5;

/** Half a minute: the longest work that gives no way, a text of 128 MB with a mistake, takes two seconds on a slow machine. */
const patience: Patience = { pace: 1000, looks: 30 };

/** Why there is a new core. */
export interface Ending {
  /** The document that the old one was at; null: none that is known. */
  readonly uri: string | null;
  /** It was at it for so many seconds and was stopped; null: it ended by itself, as for want of memory. */
  readonly seconds: number | null;
}

export interface SessionEvents {
  /** A core has ended. `last`: no other is started. */
  onEnd(why: string, last: boolean): void;
}

interface Running {
  readonly worker: CoreWorker;
  readonly calls: Calls<CoreApi>;
  readonly watch: LifeWatch;
  readonly suspects: Suspects;
  readonly remote: Remote<CoreApi>;
  /** It has begun to work: if it ends, it is over something. */
  hasAnswered: boolean;
}

/** The core, started when first asked and started again when its worker ends by itself, or no longer answers anything. */
export class CoreSession implements Disposable {
  readonly #start: () => CoreWorker;
  readonly #events: SessionEvents;
  readonly #patience: Patience;
  readonly #restarted = new EventEmitter<Ending>();
  #running: Running | null = null;
  /** How many have ended without a document to blame. */
  #ends = 0;
  #isDown = false;
  /** Everything that the old core held is gone: open documents again, compute again. */
  readonly onDidRestart = this.#restarted.event;

  constructor(start: () => CoreWorker, events: SessionEvents, limit = patience) {
    this.#start = start;
    this.#events = events;
    this.#patience = limit;
  }

  /** Rejects everything as `closed` once the core has ended too often to be started again. */
  get remote(): Remote<CoreApi> {
    this.#running ??= this.#started();
    return this.#running.remote;
  }

  dispose(): void {
    this.#running?.watch.end();
    this.#running?.worker.end();
    this.#running = null;
    this.#restarted.dispose();
  }

  #started(): Running {
    const worker = this.#start();
    const suspects = new Suspects();
    const calls = callsOver<CoreApi>(worker, coreMethods, {
      asked: () => watch.asked(),
      heard() {
        running.hasAnswered = true;
        watch.heard();
      },
    });
    const probe = () => void calls.remote.alive(null).catch(() => undefined);
    const watch = new LifeWatch(
      {
        every,
        isWaiting: () => calls.waiting().length > 0,
        isHalted: () => worker.isHalted(),
        probe,
        onSilent: () => this.#silent(running),
      },
      this.#patience,
    );
    const remote = foreseeing(suspects.noting(calls.remote));
    const running: Running = { worker, calls, watch, suspects, remote, hasAnswered: false };
    worker.onEnded((why) => this.#ended(running, why, null));
    probe();
    return running;
  }

  #silent(running: Running): void {
    const seconds = (this.#patience.pace * this.#patience.looks) / 1000;
    this.#ended(running, `the core said nothing for ${seconds} s and was stopped`, seconds);
  }

  #ended(running: Running, why: string, seconds: number | null): void {
    if (running !== this.#running || this.#isDown) return;
    const { worker, watch, calls, suspects, hasAnswered } = running;
    const uri = hasAnswered ? suspects.first(calls.waiting()) : null;
    watch.end();
    worker.end();
    calls.close(why);
    if (uri === null) this.#ends++;
    this.#isDown = this.#ends >= attempts;
    this.#events.onEnd(uri === null ? why : `${why} (at ${uri})`, this.#isDown);
    if (this.#isDown) return;
    this.#running = null;
    this.#restarted.fire({ uri, seconds });
  }
}

function every(pace: number, look: () => void): () => void {
  const timer = setInterval(look, pace);
  return () => clearInterval(timer);
}
