/** The spliced drivers without the house around them: one thread, a job of its own, each call of `grid` in the test's hands. */
import { gaussLegendre } from "../../../ts/integrate/gauss.js";
import { integrandOf, LIBRARY } from "../../../ts/integrate/integrand.js";
import { coarsePanels, makeGrid } from "../../../ts/integrate/plan.js";
import { passesOf } from "../../../ts/integrate/rules.js";
import { DriverCache, type Drivers } from "../../../ts/runtime/compute/compute.js";
import { type Core, instantiateCore, JOB_DONE } from "../../../ts/runtime/core/core.js";
import { createJob, type JobSums, jobSums } from "../../../ts/runtime/core/job.js";
import { coreModule, mathModule } from "../../../ts/runtime/core/modules.js";
import type { Rule } from "../../../ts/types.js";
import { gaussRule, ORACLE_RULES, type OracleRule } from "./contract.js";

/** Results of `grid` (assembly/quad/drivers/grid.ts). */
export const FINISHED = 0;
export const MORE = 1;
export const CANCELLED = 2;

const BASE = 1024;
const PAGES = 64;

/** Offsets in the Work record (assembly/quad/drivers/records.ts). */
const WORK = { sum: 64, compensation: 72, first: 96, panels: 104, ends: 140, last: 144 } as const;

/** The oracle's form of a rule; Gauss nodes are the library's, which another test compares with published ones. */
export function oracleRule(rule: Rule): OracleRule {
  if (typeof rule === "string") return ORACLE_RULES[rule];
  return gaussRule(gaussLegendre(rule.gauss).map(({ t, weight }) => [t, weight]));
}

/** One integral, one thread. `f` is a text, or drivers with a kernel spliced in. */
export class Bench {
  readonly memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  readonly core: Core;
  readonly drivers: Drivers;
  readonly job: number;
  readonly work: number;
  private readonly view: DataView;

  constructor(
    f: string | WebAssembly.Module,
    rule: Rule,
    lo: number,
    hi: number,
    panels: number,
    parameters: Record<string, number> = {},
  ) {
    const { memory } = this;
    this.view = new DataView(memory.buffer);
    this.core = instantiateCore(coreModule(), memory, BASE, 0, true);
    this.core.contextInit(PAGES * 65536 - BASE);
    new Uint8Array(memory.buffer).set(LIBRARY.image(), this.core.tablesAddress());
    const integrand =
      typeof f === "string" ? integrandOf(f, "x", Object.keys(parameters)) : { module: f, parameters: [] };
    this.drivers = new DriverCache(this.core, memory, mathModule).get(1, () => integrand.module);
    const coarse = coarsePanels(panels);
    const spec = {
      ...passesOf(rule),
      fine: makeGrid(lo, hi, panels),
      coarse: coarse === null ? null : makeGrid(lo, hi, coarse),
      parameters: integrand.parameters.map((name) => parameters[name] as number),
    };
    this.job = createJob(this.core, memory, spec, new Uint8Array(0), 1, 1);
    this.work = this.core.jobWork(this.job) >>> 0;
    this.core.jobSit(this.job);
  }

  /** Computes everything, each driver call with the next budget of `budgets`. */
  run(budgets: () => number): JobSums {
    for (let chunk = this.take(); chunk >= 0; chunk = this.take()) {
      while (this.drivers.grid(this.work, budgets()) === MORE);
      this.core.chunkFinish(this.job, chunk, this.work);
    }
    if (this.core.jobState(this.job) !== JOB_DONE) throw new Error("expected the job to be done");
    return jobSums(this.core, this.job);
  }

  take(): number {
    return this.core.chunkTake(this.job, this.work);
  }

  /** Makes the chunk just taken another one: panels `first` to `first + count`. */
  retarget(first: number, count: number, isLast: boolean): void {
    this.view.setBigInt64(this.work + WORK.first, BigInt(first), true);
    this.view.setBigInt64(this.work + WORK.panels, BigInt(count), true);
    this.view.setInt32(this.work + WORK.ends, Number(first === 0), true);
    this.view.setInt32(this.work + WORK.last, Number(isLast), true);
  }

  /** The chunk's compensated sum so far. */
  sum(): { sum: number; rest: number } {
    return {
      sum: this.view.getFloat64(this.work + WORK.sum, true),
      rest: this.view.getFloat64(this.work + WORK.compensation, true),
    };
  }
}
