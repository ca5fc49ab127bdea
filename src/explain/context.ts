import type { Message, Translate } from "../tensor/message.ts";

/** `brief`: what it is and the formula. `full`: all about this place. `everything`: also about all that is around it. */
export type Verbosity = "brief" | "full" | "everything";

/** What explaining needs to know besides the facts. */
export interface ExplainContext {
  readonly translate: Translate;
  /** Says a message of another layer: `sayer(translate, tables)`. */
  readonly say: (message: Message) => string;
  readonly verbosity: Verbosity;
  /** The document, for links; absent: no links are made. */
  readonly uri?: string;
}
