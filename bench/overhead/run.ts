/**
 * `npm run bench -- overhead`: what Heddle costs when there is nothing to compute.
 *
 * Warm: calls of a tiny job, one after the other. Cold: processes that load the library, integrate once, and end.
 */
import { writeFile } from "node:fs/promises";
import { createHeddle } from "heddle";
import { execute } from "../tools/execute.js";
import { describeMachine, showMachine } from "../tools/machine.js";
import { childProgram } from "../tools/programs.js";
import { type Entrant, type RoundsOptions, takeInTurn } from "../tools/rounds.js";
import { type Spread, showSpread, spreadOf } from "../tools/statistics.js";
import { table } from "../tools/table.js";
import type { ColdStart } from "./cold.child.js";

export interface OverheadBenchOptions extends RoundsOptions {
  readonly threads: readonly number[];
  readonly json: string | null;
}

/** One block of panels: its evaluation takes about 0.2 microseconds. */
const POINTS = 1000;

interface Row {
  readonly what: string;
  readonly unit: "µs" | "ms";
  readonly samples: readonly number[];
}

/** Measures and prints a table. */
export async function runOverhead(options: OverheadBenchOptions): Promise<void> {
  const machine = await describeMachine();
  const rows = [...(await measureWarm(options)), ...(await measureCold(options))];
  const body = rows.map(({ what, unit, samples }) => [what, `${showSpread(spreadOf(samples))} ${unit}`]);
  const note = `Medians of ${options.samples} samples; in brackets the distance of the quartiles, in percent of the median.`;
  console.log([showMachine(machine), table([`x^2, ${POINTS} points`, "time"], body), note].join("\n\n"));
  if (options.json !== null) {
    const results = rows.map((row): Row & Spread => ({ ...row, ...spreadOf(row.samples) }));
    await writeFile(options.json, `${JSON.stringify({ machine, results }, null, 1)}\n`);
  }
}

async function measureWarm({ threads, ...rounds }: OverheadBenchOptions): Promise<Row[]> {
  const heddle = createHeddle();
  const call = (options: { threads?: number }) => heddle.integrate("x^2", 0, 10, { points: POINTS, ...options });
  const calls: [what: string, run: () => unknown][] = [
    ["integrateSync, on the calling thread", () => heddle.integrateSync("x^2", 0, 10, { points: POINTS })],
    ["await integrate, on the calling thread", () => call({})],
    ...threads.map((count): [string, () => unknown] => [
      `await integrate, ${workers(count)}`,
      () => call({ threads: count }),
    ]),
  ];
  // Started ahead: a cold start is another row's matter.
  await heddle.start(Math.max(...threads));
  const samples = await takeInTurn(
    calls.map(([, run]) => repeated(run)),
    rounds,
  );
  await heddle.close();
  return calls.map(([what], index) => ({
    what,
    unit: "µs",
    samples: (samples[index] ?? []).map(({ seconds, points }) => (1e6 * seconds) / points),
  }));
}

/** An entrant whose points are calls. */
function repeated(run: () => unknown): Entrant {
  return {
    async time(points) {
      const begun = performance.now();
      for (let i = 0; i < points; i++) {
        const result = run();
        // A result that is there must not wait for a promise: that would be part of the figure.
        if (result instanceof Promise) await result;
      }
      return { seconds: (performance.now() - begun) / 1000, value: Number.NaN };
    },
  };
}

async function measureCold({ threads, samples }: OverheadBenchOptions): Promise<Row[]> {
  const script = childProgram("overhead", "cold");
  const loads: number[] = [];
  const firsts = new Map(threads.map((count) => [count, [] as number[]]));
  for (let round = 0; round < samples; round++) {
    for (const count of threads) {
      const { load, first } = JSON.parse(
        await execute(process.execPath, [script, String(count), String(POINTS)]),
      ) as ColdStart;
      loads.push(load);
      firsts.get(count)?.push(first);
    }
  }
  return [
    { what: "cold: import the library", unit: "ms", samples: loads },
    ...threads.map(
      (count): Row => ({
        what: `cold: first integrate, ${workers(count)}`,
        unit: "ms",
        samples: firsts.get(count) ?? [],
      }),
    ),
  ];
}

function workers(count: number): string {
  return `${count} ${count === 1 ? "worker" : "workers"}`;
}
