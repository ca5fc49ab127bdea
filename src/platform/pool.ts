import type { Task, TaskRunner } from "../attention/tasks.ts";

/** A thread that runs one task at a time, as a platform makes it. */
export interface PoolThread {
  post(message: { readonly kind: string; readonly input: unknown }, transfer: readonly ArrayBuffer[]): void;
  terminate(): void;
}

/** What a thread says: the answer, the text of what was thrown, or that it ended by itself. */
export interface ThreadEvents {
  answer(value: unknown): void;
  failure(text: string): void;
  ended(why: string): void;
}

/** Starts a thread. */
export type StartThread = (events: ThreadEvents) => PoolThread;

/** Clocks of the platform. */
export interface PoolTimers {
  after(milliseconds: number, act: () => void): () => void;
}

interface Item {
  readonly task: Task;
  readonly done: (value: unknown) => void;
  readonly fail: (error: unknown) => void;
}

interface Seat {
  thread: PoolThread;
  item: Item | null;
  stopIdle: () => void;
}

/** How long a cancelled task may go on before its thread is replaced, and how long an idle thread is kept. */
const [grace, idle] = [30, 20_000];

/** A pool of at most `parallel` threads, started when there is work, replaced when they die. */
export function createPool(start: StartThread, timers: PoolTimers, parallel: number, shared: boolean): TaskRunner {
  const seats = new Set<Seat>();
  const queue: Item[] = [];
  const vacate = (seat: Seat): void => {
    seats.delete(seat);
    seat.stopIdle();
    seat.thread.terminate();
  };
  const next = (seat: Seat): void => {
    seat.stopIdle();
    seat.item = queue.shift() ?? null;
    if (seat.item)
      seat.thread.post({ kind: seat.item.task.kind, input: seat.item.task.input }, seat.item.task.transfer ?? []);
    else seat.stopIdle = timers.after(idle, () => vacate(seat));
  };
  const finish = (seat: Seat, settle: (item: Item) => void): void => {
    const { item } = seat;
    seat.item = null;
    if (item) settle(item);
    if (seats.has(seat)) next(seat);
  };
  const open = (): void => {
    const seat = { item: null, stopIdle: () => undefined } as unknown as Seat;
    seat.thread = start({
      answer: (value) => finish(seat, (item) => item.done(value)),
      failure: (text) => finish(seat, (item) => item.fail(new Error(text))),
      ended: (why) => {
        seats.delete(seat);
        finish(seat, (item) => item.fail(new Error(`a worker ended: ${why}`)));
        fill();
      },
    });
    seats.add(seat);
    next(seat);
  };
  const fill = (): void => {
    for (const seat of seats) if (!seat.item && queue.length > 0) next(seat);
    while (queue.length > 0 && seats.size < parallel) open();
  };
  const cancel = (items: ReadonlySet<Item>): void => {
    queue.splice(0, queue.length, ...queue.filter((item) => !items.has(item)));
    for (const seat of [...seats]) {
      const { item } = seat;
      if (!item || !items.has(item)) continue;
      timers.after(grace, () => {
        if (seat.item !== item) return;
        vacate(seat);
        fill();
      });
    }
  };
  return {
    parallel,
    shared,
    run: (tasks, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        if (tasks.length === 0) return resolve([]);
        const answers = new Array<unknown>(tasks.length);
        let waiting = tasks.length;
        const abort = (): void => {
          cancel(items);
          reject(signal?.reason);
        };
        const items: Set<Item> = new Set(
          tasks.map((task, at) => ({
            task,
            done: (value) => {
              answers[at] = value;
              if (--waiting > 0) return;
              signal?.removeEventListener("abort", abort);
              resolve(answers);
            },
            fail: (error) => {
              signal?.removeEventListener("abort", abort);
              cancel(items);
              reject(error);
            },
          })),
        );
        signal?.addEventListener("abort", abort, { once: true });
        queue.push(...items);
        fill();
      }),
    dispose() {
      for (const seat of [...seats]) vacate(seat);
      for (const item of queue.splice(0)) item.fail(new Error("the task runner was disposed of"));
    },
  };
}
