import type { CoreApi } from "../protocol/core.ts";
import type { Remote } from "../protocol/rpc.ts";

/** The running core, wherever it runs. */
export interface CoreConnection {
  readonly remote: Remote<CoreApi>;
  /** The worker ended by itself. Waiting calls were rejected as `closed`; the owner starts another and opens documents again. */
  onDied(listener: (why: string) => void): void;
  dispose(): void;
}

/** As this platform names places: paths on Node, URLs in the browser. */
export interface CorePlaces {
  /** Where the built files are. */
  readonly dist: string;
  /** A folder of our own, which need not exist yet, for what makes the next start faster. */
  readonly storage: string;
}

export type StartCore = (places: CorePlaces, log: (text: string) => void) => CoreConnection;
