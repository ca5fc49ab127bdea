import { type Disposable, EventEmitter } from "vscode";
import type { CoreConnection } from "../platform/contract.ts";
import type { CoreApi } from "../protocol/core.ts";
import { foreseeing } from "../protocol/foresight.ts";
import type { Remote } from "../protocol/rpc.ts";

/** How often in a row the core may end by itself before it stays down. */
const patience = 3;

/** The core, started when first asked and started again when its worker ends by itself. */
export class CoreSession implements Disposable {
  readonly #start: () => CoreConnection;
  readonly #onEnd: (why: string) => void;
  readonly #restarted = new EventEmitter<void>();
  #connection: CoreConnection | null = null;
  #remote: Remote<CoreApi> | null = null;
  #ends = 0;
  /** Everything that the old core held is gone: open documents again, compute again. */
  readonly onDidRestart = this.#restarted.event;

  constructor(start: () => CoreConnection, onEnd: (why: string) => void) {
    this.#start = start;
    this.#onEnd = onEnd;
  }

  get remote(): Remote<CoreApi> {
    this.#remote ??= foreseeing(this.#started().remote);
    return this.#remote;
  }

  dispose(): void {
    this.#connection?.dispose();
    this.#restarted.dispose();
  }

  #started(): CoreConnection {
    const connection = this.#start();
    this.#connection = connection;
    connection.onDied((why) => this.#died(connection, why));
    return connection;
  }

  #died(connection: CoreConnection, why: string): void {
    if (connection !== this.#connection) return;
    this.#onEnd(why);
    if (++this.#ends > patience) return;
    this.#remote = null;
    this.#restarted.fire();
  }
}
