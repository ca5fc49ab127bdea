import type { Channel } from "../protocol/rpc.ts";

/** The thread that the core runs in, wherever that is. */
export interface CoreWorker extends Channel {
  /** Called when it has ended, by itself or by `end`; perhaps more than once. */
  onEnded(listener: (why: string) => void): void;
  /** Ends it, whatever it is at. */
  end(): void;
  /** A debugger may halt it for as long as it likes. */
  isHalted(): boolean;
}

/** As this platform names places: paths on Node, URLs in the browser. */
export interface CorePlaces {
  /** Where the built files are. */
  readonly dist: string;
  /** A folder of our own, which need not exist yet, for what makes the next start faster. */
  readonly storage: string;
}

export type StartCore = (places: CorePlaces, log: (text: string) => void) => CoreWorker;
