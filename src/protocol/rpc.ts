import * as v from "valibot";

/** One end of a channel that carries structured clones: a worker, a message port, or a pair in one thread. */
export interface Channel {
  send(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  receive(listener: (message: unknown) => void): void;
}

/** What an asked method rejects with. `reason` is stable: `superseded`, `gone`, `cancelled`, `timeout`, `failed`, `closed`. */
export class CallError extends Error {
  readonly reason: string;
  constructor(reason: string, text: string) {
    super(text);
    this.name = "CallError";
    this.reason = reason;
  }
  static is(error: unknown, reason?: string): error is CallError {
    return error instanceof CallError && (reason === undefined || error.reason === reason);
  }
}

const number = v.pipe(v.number(), v.integer(), v.minValue(0));
const envelope = v.variant("type", [
  v.object({ type: v.literal("call"), id: number, method: v.string(), argument: v.unknown() }),
  v.object({ type: v.literal("cancel"), id: number }),
  v.object({ type: v.literal("answer"), id: number, value: v.unknown() }),
  v.object({ type: v.literal("refusal"), id: number, reason: v.string(), text: v.string() }),
]);

type Method = (argument: never, signal: AbortSignal) => Promise<unknown>;

/** Answers calls that arrive over `channel` with the methods of `api`. */
export function serve<Api extends object>(channel: Channel, api: Api, onBadMessage: (text: string) => void): void {
  const running = new Map<number, AbortController>();
  channel.receive((raw) => {
    const parsed = v.safeParse(envelope, raw);
    if (!parsed.success) return onBadMessage(v.flatten(parsed.issues).root?.join("; ") ?? "malformed message");
    const message = parsed.output;
    if (message.type === "cancel")
      return running.get(message.id)?.abort(new CallError("cancelled", "cancelled by the caller"));
    if (message.type !== "call") return onBadMessage(`unexpected ${message.type}`);
    void answer(channel, api, message, running);
  });
}

async function answer(
  channel: Channel,
  api: object,
  call: { id: number; method: string; argument: unknown },
  running: Map<number, AbortController>,
): Promise<void> {
  const abort = new AbortController();
  running.set(call.id, abort);
  try {
    const method = Object.hasOwn(api, call.method) && (api as Record<string, unknown>)[call.method];
    if (typeof method !== "function") throw new CallError("failed", `no method ${call.method}`);
    const value = await (method as Method).call(api as never, call.argument as never, abort.signal);
    channel.send({ type: "answer", id: call.id, value });
  } catch (error) {
    const reason = error instanceof CallError ? error.reason : "failed";
    channel.send({ type: "refusal", id: call.id, reason, text: errorText(error) });
  } finally {
    running.delete(call.id);
  }
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The far end's methods, each with an optional signal that cancels the call. */
export type Remote<Api> = {
  [M in keyof Api]: Api[M] extends (argument: infer A) => Promise<infer R>
    ? (argument: A, signal?: AbortSignal) => Promise<R>
    : never;
};

interface Waiting {
  readonly argument: unknown;
  resolve(value: unknown): void;
  reject(error: CallError): void;
}

/** Calls to the far end of a channel. */
export interface Calls<Api> {
  readonly remote: Remote<Api>;
  /** Rejects what is still waiting, and whatever is asked from now on. */
  close(reason: string): void;
  /**
   * The arguments of the calls that wait for an answer, in the order in which they were sent; those last that the far end
   * has let others overtake, for it gives way from time to time in these.
   */
  waiting(): unknown[];
}

/** What the one who calls may want to know: that something was asked, that the far end said something. */
export interface CallEvents {
  asked(): void;
  heard(): void;
}

/** Asks the methods named in `methods` over `channel`. */
export function callsOver<Api extends object>(
  channel: Channel,
  methods: readonly (keyof Api & string)[],
  events?: CallEvents,
): Calls<Api> {
  const waiting = new Map<number, Waiting>();
  let next = 0;
  let lastAnswered = -1;
  let closed: CallError | null = null;
  channel.receive((raw) => {
    const parsed = v.safeParse(envelope, raw);
    if (!parsed.success || parsed.output.type === "call" || parsed.output.type === "cancel") return;
    const message = parsed.output;
    const caller = waiting.get(message.id);
    waiting.delete(message.id);
    lastAnswered = Math.max(lastAnswered, message.id);
    events?.heard();
    if (message.type === "answer") caller?.resolve(message.value);
    else caller?.reject(new CallError(message.reason, message.text));
  });
  const call = (method: string, argument: unknown, signal?: AbortSignal): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (closed) return reject(closed);
      if (signal?.aborted) return reject(new CallError("cancelled", "cancelled before it was sent"));
      const id = next++;
      waiting.set(id, { argument, resolve, reject });
      signal?.addEventListener("abort", () => channel.send({ type: "cancel", id }), { once: true });
      channel.send({ type: "call", id, method, argument });
      events?.asked();
    });
  const remote = Object.fromEntries(
    methods.map((method) => [method, (argument: unknown, signal?: AbortSignal) => call(method, argument, signal)]),
  ) as Remote<Api>;
  return {
    remote,
    close(reason) {
      closed = new CallError("closed", reason);
      for (const { reject } of waiting.values()) reject(closed);
      waiting.clear();
    },
    waiting() {
      const overtaken = ([id]: [number, Waiting]) => (id < lastAnswered ? 1 : 0);
      const inOrder = [...waiting].sort((one, other) => overtaken(one) - overtaken(other));
      return inOrder.map(([, { argument }]) => argument);
    },
  };
}
