import type { AttentionRow } from "../attention/result.ts";
import type { Outcome } from "../tensor/message.ts";
import type { AttendRequest, ChangeRequest, CoreApi, ResultSummary, RowRequest } from "./core.ts";
import type { Remote } from "./rpc.ts";

/** What was asked of a document's last reading, and is likely to be asked of the next one. */
export interface Habit {
  readonly attend: AttendRequest;
  /** The row of the result that was looked at last. */
  readonly row?: Omit<RowRequest, "result">;
}

/** Its answers, sent with the reading. */
export interface Foreseen {
  readonly outcome: Outcome<ResultSummary>;
  readonly row?: AttentionRow;
}

interface Known {
  habit: Habit;
  /** The edit that was sent last. */
  edit: ChangeRequest | null;
  /** The result that the habit is about; null: none. */
  result: number | null;
  /** What has not been asked for yet. */
  unused: Foreseen | null;
  row: AttentionRow | null;
}

/**
 * The core, asked with every edit for what was asked after the edit before: while someone types, whoever shows the weights
 * wants the new ones each time. On a busy machine a thread that sleeps is woken late, so that one message there and back is
 * a fraction of three. What nobody took is freed with the next edit, and no longer asked for.
 */
export function foreseeing(remote: Remote<CoreApi>): Remote<CoreApi> {
  const documents = new Map<string, Known>();
  const release = (result: number): void => void remote.release({ result }).catch(() => undefined);
  const giveUp = (known: Known | undefined): void => {
    if (known?.unused?.outcome.ok) release(known.unused.outcome.value.result);
  };
  const forget = (uri: string): void => {
    giveUp(documents.get(uri));
    documents.delete(uri);
  };
  return {
    ...remote,
    async change(request, signal) {
      const { uri } = request;
      if (documents.get(uri)?.unused) forget(uri);
      const known = documents.get(uri);
      const habit = known?.habit;
      if (known) known.edit = request;
      const { again, ...summary } = await remote.change(habit ? { ...request, again: habit } : request, signal);
      if (!again) return summary;
      const result = again.outcome.ok ? again.outcome.value.result : null;
      const isWanted = known === documents.get(uri) && known?.habit === habit && known?.edit === request;
      if (isWanted) Object.assign(known!, { unused: again, row: again.row ?? null, result });
      else if (result !== null) release(result);
      return summary;
    },
    async attend(request, signal) {
      const known = documents.get(request.uri);
      const unused = known?.unused;
      if (known && unused && isSame(known.habit.attend, request)) {
        known.unused = null;
        return unused.outcome;
      }
      const outcome = await remote.attend(request, signal);
      giveUp(documents.get(request.uri));
      const result = outcome.ok ? outcome.value.result : null;
      documents.set(request.uri, { habit: { attend: request }, edit: null, result, unused: null, row: null });
      return outcome;
    },
    async row(request, signal) {
      const { result, ...row } = request;
      const known = [...documents.values()].find((each) => each.result === result);
      const foreseen = known?.row && isSame(known.habit.row, row) ? known.row : null;
      if (known) Object.assign(known, { habit: foreseen ? known.habit : { ...known.habit, row }, row: null });
      return foreseen ?? remote.row(request, signal);
    },
    release(request, signal) {
      for (const known of documents.values())
        if (known.result === request.result) Object.assign(known, { result: null, row: null });
      return remote.release(request, signal);
    },
    open(request, signal) {
      forget(request.uri);
      return remote.open(request, signal);
    },
    openFile(request, signal) {
      forget(request.uri);
      return remote.openFile(request, signal);
    },
    close(request, signal) {
      forget(request.uri);
      return remote.close(request, signal);
    },
  };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
