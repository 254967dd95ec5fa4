/**
 * Where calls compute: what an integrand is in this context, and who is to compute it.
 *
 * Role: the thread that made the context.
 */
import { platform } from "#platform";
import type { Distance, IntegralTask } from "../quad/run-integral.js";
import type { Context } from "../runtime/context.js";
import type { Kernel } from "../runtime/jobs/run.js";
import type { Sharing } from "../runtime/jobs/share-rounds.js";
import { type Integrand, LIBRARY } from "./integrand.js";
import type { Work } from "./many.js";
import type { Choice } from "./result.js";
import { guessEvaluation, shareRounds, WORTH_STARTING, WORTH_WAKING } from "./sharing.js";
import type { ToleranceProblem } from "./tolerance.js";

export class House {
  private readonly kernels = new WeakMap<Integrand, Kernel>();

  constructor(readonly context: Context) {}

  /** Its number and bytes are its own for as long as the context is there. */
  kernelOf(integrand: Integrand): Kernel {
    const known = this.kernels.get(integrand);
    if (known !== undefined) return known;
    if (integrand.readsTables) this.context.heap.putTables(() => LIBRARY.image());
    const { bytes, module, given, use } = integrand;
    const number = this.context.heap.core.kernelNumber();
    const kernel = { number, bytes, module, given, isForeign: use.kind !== "compiled" };
    this.kernels.set(integrand, kernel);
    return kernel;
  }

  distanceOf({ inDistance }: Integrand): Distance | undefined {
    if (inDistance === undefined) return undefined;
    return () => {
      const { integrand, isBetterAtZero } = inDistance();
      return { kernel: this.kernelOf(integrand), isBetterAtZero };
    };
  }

  taskOf({ integrand, spec }: ToleranceProblem): IntegralTask {
    return { kernel: this.kernelOf(integrand), distance: this.distanceOf(integrand), spec };
  }

  /** How a job whose cost is known beforehand is computed. */
  choose(problem: Work, sync: boolean): Choice {
    const missing = platform.threadsMissing() ?? (sync ? this.whyAlone(problem.threads) : null);
    if (missing !== null) return { threads: 1, inline: true, reason: missing };
    if (problem.threads !== undefined) {
      return { threads: problem.threads, inline: false, reason: "the call says how many threads" };
    }
    const milliseconds = problem.evaluations * guessEvaluation(problem.integrand.operations);
    const isWarm = this.context.warm > 0;
    if (milliseconds < (isWarm ? WORTH_WAKING : WORTH_STARTING)) {
      const than = isWarm ? "waking workers" : "starting workers";
      return { threads: 1, inline: true, reason: `the job takes less time than ${than}` };
    }
    return { threads: this.context.threads, inline: false, reason: "the job is long enough to share" };
  }

  /** How rounds of an integral to a tolerance are shared; or why none is. */
  sharingOf({ threads, integrand }: Pick<ToleranceProblem, "integrand" | "threads">, sync: boolean): Sharing | string {
    const missing = platform.threadsMissing() ?? (sync ? this.whyAlone(threads ?? this.context.threads) : null);
    return missing ?? shareRounds(integrand.operations, threads, this.context.threads, () => this.context.warm);
  }

  /** Why a blocking call computes alone; null when workers may take part. */
  private whyAlone(threads: number | undefined): string | null {
    // Without a supervisor nobody would hear of a worker's death while this thread sleeps.
    if (!platform.mayBlock() || !platform.supervised)
      return "integrateSync computes alone where its thread may not wait for workers";
    if (threads === 1) return "the one thread is the calling one";
    return this.context.hasRoom ? null : "other calls have all places for shared jobs";
  }
}
