/**
 * Integrals of samples from the first to each: running sums chunk by chunk, or by threads in two rounds, to the same bits.
 *
 * Role: any thread.
 */
import { type Problem, refuseOrder } from "./arguments.js";
import { chunksOf } from "./chunks.js";
import type { Helpers } from "./helpers.js";
import { type Carry, carryOn, FAULTS_AT, RUNNING_WIDTH } from "./running.js";
import { doNext, type RunningWork } from "./work.js";

const NOTHING: Carry = { sum: 0, low: 0 };

/** Running sums on the calling thread, one step for each chunk. */
export class Running {
  private readonly work: RunningWork;
  private carry = NOTHING;
  private isWrong = false;

  /** @param out of as many doubles as there are samples */
  constructor(
    private readonly problem: Problem,
    private readonly out: Float64Array,
  ) {
    this.work = runningOf(problem, out);
  }

  get steps(): number {
    return chunksOf(this.work.count);
  }

  step(chunk: number): void {
    const slot = doNext(this.work, chunk, this.carry);
    this.isWrong ||= slot[FAULTS_AT] !== 0;
    this.carry = carryOn(this.carry, slot);
  }

  /** After the last step. @throws {ArgumentError} x is not in order */
  over(): Float64Array {
    return settle(this.problem, this.isWrong, this.carry, this.out);
  }
}

/**
 * With workers.
 *
 * @param out in shared memory
 * @returns null when a worker has failed: what is in `out` is nothing then, and it may still write there
 * @throws {ArgumentError} x is not in order. @throws as `Helpers.run`
 */
export async function cumulateShared(
  problem: Problem,
  helpers: Helpers,
  out: Float64Array,
): Promise<Float64Array | null> {
  const work = runningOf(problem, out);
  const { curve, initial, count } = work;
  const slots = await helpers.run(work);
  const chunks = chunksOf(count);
  const carries = new Float64Array(2 * chunks);
  let carry = NOTHING;
  let isWrong = false;
  for (let chunk = 0; chunk < chunks; chunk++) {
    carries.set([carry.sum, carry.low], 2 * chunk);
    const slot = slots.subarray(chunk * RUNNING_WIDTH, (chunk + 1) * RUNNING_WIDTH);
    isWrong ||= slot[FAULTS_AT] !== 0;
    carry = carryOn(carry, slot);
  }
  if (helpers.failure !== undefined) return null;
  await helpers.run({ kind: "finish", curve, initial, out, count, carries });
  return helpers.failure === undefined ? settle(problem, isWrong, carry, out) : null;
}

function runningOf({ y, x, dx, rule, order, initial }: Problem, out: Float64Array): RunningWork {
  const curve = { rule: rule === "simpson" ? rule : "trapezoid", y, x, dx, order } as const;
  out[0] = initial;
  return { kind: "running", curve, initial, out, count: y.length - 1 };
}

/** What is left to be said when all is summed. */
function settle({ x, order }: Problem, isWrong: boolean, carry: Carry, out: Float64Array): Float64Array {
  if (x !== null && isWrong) refuseOrder(x, order);
  // A sum that is not finite once is so for ever.
  if (Number.isFinite(carry.sum)) return out;
  const first = out.findIndex((value, i) => i > 0 && !Number.isFinite(value));
  return first > 0 ? out.fill(Number.NaN, first) : out;
}
