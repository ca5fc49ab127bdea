import type { CoreApi } from "../protocol/core.ts";
import type { Remote } from "../protocol/rpc.ts";

/** The running core, wherever it runs. */
export interface CoreConnection {
  readonly remote: Remote<CoreApi>;
  /** The worker ended by itself. Waiting calls were rejected as `closed`; the owner starts another and opens documents again. */
  onDied(listener: (why: string) => void): void;
  dispose(): void;
}

/** Where the built files are, as this platform names places: a path on Node, a URL in the browser. */
export type StartCore = (dist: string, log: (text: string) => void) => CoreConnection;
