import assert from "node:assert/strict";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { compileKernels } from "../../../assembly/build.mjs";
import { attend } from "../../../src/attention/engine.ts";
import { createKernels, type Kernels } from "../../../src/attention/kernels/kernels.ts";
import type { AttentionProblem } from "../../../src/attention/problem.ts";
import type { TaskRunner } from "../../../src/attention/tasks.ts";
import { copyFloats } from "../../../src/platform/node/copyFloats.ts";
import { nodeTaskRunner } from "../../../src/platform/node/taskRunner.ts";
import { createPool, type PoolThread, type ThreadEvents } from "../../../src/platform/pool.ts";
import type { Tensor } from "../../../src/tensor/tensor.ts";
import { random, sameNumbers } from "../attention/support.ts";
import { processorTime } from "../support/processorTime.ts";

const script = join(import.meta.dirname, "../../../src/platform/node/taskWorker.ts");

describe("the pool of threads", () => {
  /** Threads that answer when they are told to. */
  function fakePool(parallel: number): {
    runner: TaskRunner;
    threads: { events: ThreadEvents; inputs: unknown[]; ended: boolean }[];
  } {
    const threads: { events: ThreadEvents; inputs: unknown[]; ended: boolean }[] = [];
    const start = (events: ThreadEvents): PoolThread => {
      const thread = { events, inputs: [] as unknown[], ended: false };
      threads.push(thread);
      return {
        post: ({ input }) => void thread.inputs.push(input),
        terminate: () => {
          thread.ended = true;
        },
      };
    };
    const after = (milliseconds: number, act: () => void): (() => void) => {
      const timer = setTimeout(act, milliseconds);
      timer.unref();
      return () => clearTimeout(timer);
    };
    return { runner: createPool(start, { after }, parallel, false), threads };
  }
  const tasks = (...inputs: number[]) => inputs.map((input) => ({ kind: "x", input }));

  it("hands tasks out in order as threads become free, and answers in order", async () => {
    const { runner, threads } = fakePool(2);
    const answers = runner.run(tasks(1, 2, 3));
    assert.deepEqual(
      threads.map((thread) => thread.inputs),
      [[1], [2]],
    );
    threads[1]!.events.answer("b");
    assert.deepEqual(threads[1]!.inputs, [2, 3]);
    threads[1]!.events.answer("c");
    threads[0]!.events.answer("a");
    assert.deepEqual(await answers, ["a", "b", "c"]);
  });

  it("reports a run whose thread died, and replaces the thread", async () => {
    const { runner, threads } = fakePool(1);
    const run = runner.run(tasks(1));
    threads[0]!.events.ended("out of memory");
    await assert.rejects(run, /out of memory/);
    const again = runner.run(tasks(2));
    threads[1]!.events.answer("fine");
    assert.deepEqual(await again, ["fine"]);
  });

  it("rejects a cancelled run at once and replaces a thread that does not come back", async () => {
    const { runner, threads } = fakePool(1);
    const abort = new AbortController();
    const run = runner.run(tasks(1, 2), abort.signal);
    abort.abort(new Error("no longer wanted"));
    await assert.rejects(run, /no longer wanted/);
    const next = runner.run(tasks(3));
    await new Promise((resolve) => setTimeout(resolve, 45));
    assert.deepEqual([threads.length, threads[0]!.ended], [2, true]);
    threads[1]!.events.answer("ok");
    assert.deepEqual(await next, ["ok"]);
  });
});

describe("real threads", () => {
  const mortal = join(import.meta.dirname, "support/mortalWorker.ts");

  it("are replaced when they die, and the run that lost one says so", async () => {
    const runner = nodeTaskRunner(mortal, 2);
    const echo = (input: number) => ({ kind: "echo", input });
    assert.deepEqual(await runner.run([echo(1), echo(2), echo(3)]), [1, 2, 3]);
    await assert.rejects(runner.run([{ kind: "die", input: 0 }]), /worker ended: exit code 3/);
    await assert.rejects(runner.run([{ kind: "die", input: 0 }, echo(4), { kind: "die", input: 0 }]), /worker ended/);
    assert.deepEqual(await runner.run([echo(5), echo(6), echo(7)]), [5, 6, 7]);
    runner.dispose();
  });
});

describe("the engine on worker threads", function () {
  this.timeout(120_000);
  let modules: Map<string, Uint8Array<ArrayBuffer>>;
  let runner: TaskRunner;
  const threads = 2;
  before(async () => {
    modules = await compileKernels();
    runner = nodeTaskRunner(script, threads);
  });
  after(() => runner.dispose());

  const problem = {
    query: random([4, 1000, 16], 1),
    key: random([2, 1000, 16], 2),
    value: random([2, 1000, 16], 3),
    causal: "topLeft" as const,
  };
  const kernels = (shared: boolean): Kernels => createKernels(async (name) => modules.get(name)!, shared, copyFloats);

  async function outputOf(
    world: { runner?: TaskRunner; kernels?: Kernels },
    asked: AttentionProblem = problem,
  ): Promise<Float32Array | Float64Array> {
    const made = await attend(asked, world);
    assert.ok(made.ok);
    const output = (await made.value.output()).slice();
    made.value.dispose();
    return output;
  }

  it("gives the same numbers on shared memory, on private memories and inline, close to float64", async () => {
    const inline = await outputOf({ kernels: kernels(false) });
    sameNumbers(await outputOf({ runner, kernels: kernels(true) }), inline);
    sameNumbers(await outputOf({ runner, kernels: kernels(false) }), inline);
    const exact = await outputOf({});
    for (const [at, x] of exact.entries()) assert.ok(Math.abs(x - inline[at]!) < 1e-5);
  });

  it("reports a run that lost a thread, and computes it anew when it is asked again", async () => {
    // Longer than what the calling thread would do alone.
    const long = { query: random([4, 3000, 32], 1), key: random([4, 3000, 32], 2), value: random([4, 3000, 32], 3) };
    let die: (() => void) | undefined;
    const losing: TaskRunner = {
      ...runner,
      run: (tasks, signal) => {
        if (die) return runner.run(tasks, signal).finally(die);
        return new Promise((_, reject) => {
          die = () => reject(new Error("a worker ended: exit code 1"));
        });
      },
    };
    const made = await attend(long, { runner: losing, kernels: kernels(true) });
    assert.ok(made.ok);
    // Where E = Ev, outputs take the place of the queries: those of the lost run must be brought in anew.
    await assert.rejects(made.value.output(), /a worker ended/);
    sameNumbers(await made.value.output(), await outputOf({ kernels: kernels(false) }, long));
    made.value.dispose();
  });

  it("says so when a real thread dies in the middle of a long run, and replaces it", async () => {
    const long = { query: random([20000, 64], 1), key: random([20000, 64], 2), value: random([20000, 64], 3) };
    const own = nodeTaskRunner(script, threads);
    const workers: Worker[] = [];
    const meet = (worker: Worker): void => void workers.push(worker);
    process.on("worker", meet);
    const home = kernels(true);
    const made = await attend(long, { runner: own, kernels: home });
    assert.ok(made.ok);
    const output = made.value.output();
    setTimeout(() => void workers[0]!.terminate(), 200);
    await assert.rejects(output, /a worker ended: exit code [01]/); // 0 where it had nothing to do just then
    made.value.dispose();
    sameNumbers(await outputOf({ runner: own, kernels: home }), await outputOf({ kernels: kernels(false) }));
    // A long run needs both threads again.
    const short = { query: random([6000, 64], 1), key: random([6000, 64], 2), value: random([6000, 64], 3) };
    sameNumbers(
      await outputOf({ runner: own, kernels: home }, short),
      await outputOf({ kernels: kernels(false) }, short),
    );
    process.off("worker", meet);
    assert.equal(workers.length, threads + 1);
    own.dispose();
  });

  it("computes rows that lie apart by their statistics alone, and nothing beside them, wherever it computes", async () => {
    const [query, key, value] = [1, 2, 3].map((seed) => random([8000, 64], seed)) as [Tensor, Tensor, Tensor];
    const rows = Array.from({ length: 16 }, (_, at) => at * 500 + 3);
    const head = { batch: 0, head: 0 };
    const linesOf = async (world: { runner?: TaskRunner; kernels: Kernels }): Promise<Float32Array[]> => {
      const made = await attend({ query, key, value }, world);
      assert.ok(made.ok);
      await made.value.prepare?.(head, "weights", rows);
      assert.equal(made.value.progress?.(head), 0);
      // Of one block: rows that were asked for, and then their neighbours in other groups of eight.
      const line = (row: number) =>
        made.value.tile({ ...head, stage: "weights", row, rows: 1, column: 0, columns: 8000, step: 1 });
      const found: Float32Array[] = [];
      for (const row of [503, 511, 512, 503, 7503]) found.push((await line(row)).values);
      made.value.dispose();
      return found;
    };
    const inline = await linesOf({ kernels: kernels(false) });
    for (const line of inline) assert.ok(Math.abs(line.reduce((a, b) => a + b) - 1) < 1e-4);
    for (const shared of [true, false])
      for (const [at, line] of (await linesOf({ runner, kernels: kernels(shared) })).entries())
        sameNumbers(line, inline[at]!);
  });

  it("shares every one of many short runs in a row, also where nobody lets the event loop turn between them", async () => {
    let shared = 0;
    const counting: TaskRunner = {
      ...runner,
      run: async (tasks, signal) => {
        const answers = await runner.run(tasks, signal);
        if (answers.some((turns) => (turns as number) > 0)) shared++;
        return answers;
      },
    };
    const home = kernels(true);
    const short = { query: random([4, 1000, 32], 1), key: random([4, 1000, 32], 2), value: random([4, 1000, 32], 3) };
    // More runs than there are threads; how many of them another thread comes in time for depends on the machine.
    for (let run = 0; run < 2000 && shared < threads + 4; run++)
      await outputOf({ runner: counting, kernels: home }, short);
    assert.ok(shared >= threads + 4, `${shared} were shared`);
  });

  it("does a short run to its end when the other thread never comes", async () => {
    const lone: TaskRunner = { ...runner, run: () => new Promise(() => undefined) };
    sameNumbers(await outputOf({ runner: lone, kernels: kernels(true) }), await outputOf({ kernels: kernels(false) }));
  });

  it("refuses a head that float32 cannot hold while threads work on the others, and gives float64 instead", async () => {
    const value = random([4, 1000, 16], 3);
    (value.data as Float32Array)[3 * 16_000] = Number.POSITIVE_INFINITY;
    const huge = { ...problem, key: random([4, 1000, 16], 2), value };
    const kept = (await outputOf({ runner, kernels: kernels(true) }, huge)) as Float64Array;
    sameNumbers(kept, await outputOf({}, huge));
    assert.ok(kept instanceof Float64Array);
  });

  it("leaves threads and memory where they were, a thousand times", async () => {
    // One run holds a megabyte: keeping every fifth of them would be seen.
    const small = { query: random([2, 640, 32], 1), key: random([2, 640, 32], 2), value: random([2, 640, 32], 3) };
    const home = kernels(true);
    let started = 0;
    const count = (): void => void started++;
    process.on("worker", count);
    let rss = 0;
    for (let run = 0; run < 1000; run++) {
      if (run === 300) rss = process.memoryUsage.rss();
      await outputOf({ runner, kernels: home }, small);
    }
    process.off("worker", count);
    const grown = process.memoryUsage.rss() - rss;
    assert.ok(started <= threads, `${started} threads were started`);
    assert.ok(grown < 64e6, `memory grew by ${grown} bytes`);
  });

  it("frees the threads within 50 ms of a cancel, and goes on afterwards", async () => {
    const long = { query: random([20000, 64], 1), key: random([20000, 64], 2), value: random([20000, 64], 3) };
    const home = kernels(true);
    const made = await attend(long, { runner, kernels: home });
    assert.ok(made.ok);
    const abort = new AbortController();
    const output = made.value.output(abort.signal);
    setTimeout(() => abort.abort(new Error("enough")), 150);
    await assert.rejects(output, /enough/);
    const started = processorTime();
    await runner
      .run([
        { kind: "attention.private", input: null },
        { kind: "attention.private", input: null },
      ])
      .catch(() => null);
    assert.ok(processorTime() - started < 50 * (threads + 1));
    made.value.dispose();
    assert.equal((await outputOf({ runner, kernels: home })).length, 4 * 1000 * 16);
  });
});
