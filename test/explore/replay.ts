/**
 * Runs one schedule again and tells it, step by step.
 */
import { directorOf, type Entry } from "./director.js";
import { RECORD } from "./instrument.js";
import { placeName } from "./places.js";
import type { PastCall } from "./program.js";
import { describeRace, Races } from "./races.js";
import { parseSchedule } from "./schedule.js";
import type { Scheduler } from "./scheduler.js";
import { isSilent, type Site } from "./sites.js";
import type { Trace } from "./trace.js";

export interface Replay {
  readonly failure: string | null;
  /** One line for each call, each step and each switch. */
  readonly lines: readonly string[];
}

/**
 * @param schedule  as a failure prints it
 * @throws Error when it is none
 */
export async function replay<E>(scheduler: Scheduler<E>, schedule: string): Promise<Replay> {
  const { program, trace } = scheduler;
  const run = await scheduler.run(directorOf(parseSchedule(schedule)));
  const race = new Races(program.bytes, scheduler.most, program.racy).find(trace, run);
  const lines: string[] = [];
  let [entry, call] = [0, 0];
  for (let step = 0; step <= run.steps; step++) {
    for (; run.entries[entry]?.step === step; entry++) lines.push(describeEntry(run.entries[entry] as Entry));
    if (step === run.steps) break;
    if (run.calls[call]?.begin === step) lines.push(describeCall(run.calls[call++] as PastCall));
    const line = describeStep(trace, step, (address) => placeName(program.places, address));
    if (line !== null) lines.push(line);
  }
  const failure = run.failure ?? (race === null ? null : describeRace(race));
  if (failure !== null) lines.push(`=> ${failure}`);
  return { failure, lines };
}

function describeEntry({ step, action, thread, dead }: Entry): string {
  const what = {
    run: `thread ${thread} runs`,
    timeout: `the sleep of thread ${thread} runs out`,
    die: `thread ${thread} dies`,
    cut: `thread ${thread} is cut off`,
    recover: `thread ${thread} is to recover ${dead?.join(", ")}`,
  }[action];
  return `---- ${step}: ${what}`;
}

function describeCall({ thread, name, args, value, end }: PastCall): string {
  return `     ${thread}  ${name}(${args.join(", ")}) ${end === undefined ? "never returns" : `-> ${value ?? "nothing"}, at ${end}`}`;
}

/** Step, thread, what happens, where in the code. Nothing for the steps that calls and ends are. */
function describeStep(trace: Trace, step: number, place: (address: number) => string): string | null {
  const record = trace.at(step);
  const site = trace.siteOf(record);
  const { words } = trace;
  if (isSilent(site.kind) && site.kind !== "yield") return null;
  const where = place((words[record + RECORD.address] as number) >>> 0);
  const result = words[record + RECORD.result] as number;
  const what = `${site.kind} ${{
    load: () => `${where} = ${held(trace, record, site, RECORD.before)}`,
    store: () => `${where}: ${changeOf(trace, record, site)}`,
    change: () => `${where}: ${changeOf(trace, record, site)}`,
    wait: () => `${where}, ${result < 0 ? "sleeps" : "not equal"}`,
    woken: () => `${where}, ${result === 0 ? "woken" : "out of time"}`,
    notify: () => `${where}, wakes ${result}`,
    fill: () => `${where}, ${4 * trace.bulkOf(record).old.length} bytes`,
    copy: () => `${where} from ${place(trace.bulkOf(record).from)}, ${4 * trace.bulkOf(record).old.length} bytes`,
    ...{ branch: nothing, yield: nothing, call: nothing, return: nothing, end: nothing, recovered: nothing },
  }[site.kind]()}`;
  return `${String(step).padStart(4)} ${words[record + RECORD.thread]}  ${what.padEnd(44)} ${site.name}`;
}

const nothing = (): string => "";

function changeOf(trace: Trace, record: number, site: Site): string {
  return `${held(trace, record, site, RECORD.before)} -> ${held(trace, record, site, RECORD.after)}`;
}

/** What the accessed bytes held, as the instruction sees them. */
function held(trace: Trace, record: number, { opcode, bytes }: Site, when: number): string {
  const { words } = trace;
  if (bytes > 8) return `${bytes} bytes`;
  const view = new DataView(words.buffer, 4 * (record + when), 8);
  const at = (words[record + RECORD.address] as number) & 3;
  if (opcode.startsWith("f64")) return String(view.getFloat64(0, true));
  if (opcode.startsWith("f32")) return String(view.getFloat32(at, true));
  if (bytes === 8) return String(view.getBigInt64(0, true));
  return String(
    { 1: () => view.getUint8(at), 2: () => view.getUint16(at, true), 4: () => view.getInt32(at, true) }[
      bytes as 1 | 2 | 4
    ](),
  );
}
