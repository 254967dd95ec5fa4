/**
 * Two rules for one integral, and a trial which of them goes on: regions, which are far better where the integrand is smooth, and quasi-Monte Carlo, which is far better
 * at jumps and corners across all axes, in many dimensions, and where most of the box does nothing.
 *
 *   regions                  until they have converged, or a sixth of the budget is spent
 *   quasi-Monte Carlo        its first round
 *   the better of them       goes on with what is left; the result is its own
 *
 * Better is who promises the smaller error at the end: that of quasi-Monte Carlo times the part of its evaluations in those that it will have, to the power of 0.8; that of
 * the regions to the power that it has fallen by since a quarter of their evaluations. Quasi-Monte Carlo has to promise a third, for its error falls less steadily.
 *
 * What decides are values and errors, which are the same for any number of threads.
 *
 * Role: the thread that made the context.
 */
import type { Limited, Points, SeveralJob, SeveralRule, SeveralSpec, SeveralState } from "./several-rule.js";

/** Part of the budget that regions may spend before they are held against something. */
const TRIAL = 1 / 6;
/** If the first round of the regions takes more than this, they are not tried. */
const FIRST_MAXIMUM = 0.5;
/** Evaluations below which nothing is tried: the regions go on to the end. */
const LEAST = 200_000;
/** Rounds after which quasi-Monte Carlo has looked at lattices and at Sobol points. */
const PILOT = 2;
const QUASI_POWER = 0.8;
const QUASI_MARGIN = 3;
/** The most that is hoped for. */
const POWER_MAXIMUM = 1.5;

/** Evaluations of the first look of quasi-Monte Carlo in one box, which the regions cannot have. */
const LOOK = 2 * 16 * 1024;
/** Boxes that quasi-Monte Carlo is cut into at most: in more of them it would be as many integrals. */
const CELLS_MAXIMUM = 4;

/** How a budget is divided: what the regions may spend, and the break planes of quasi-Monte Carlo. */
export function divide({ maximum, breaks }: SeveralSpec): {
  readonly ofRegions: number;
  readonly planes: SeveralSpec["breaks"];
} {
  const cells = breaks.reduce((product, planes) => product * (planes.length + 1), 1);
  const isCut = cells <= CELLS_MAXIMUM && 8 * LOOK * cells <= maximum;
  const look = LOOK * (isCut ? cells : 1);
  return { ofRegions: maximum < LEAST ? maximum : maximum - look, planes: isCut ? breaks : [] };
}

export class Choosing implements SeveralRule {
  private current: SeveralRule;
  private quasi: Limited | undefined;
  /** Evaluations and error of the regions after each round. */
  private readonly history: { readonly evaluations: number; readonly error: number }[] = [];
  private isChosen: boolean;
  /** Whether quasi-Monte Carlo is to begin: it takes memory, which may have to come first. */
  private isBeginning = false;
  /** Evaluations and rounds of the one that is not the current one. */
  private others = { evaluations: 0, rounds: 0 };

  /** @param regions closed with this, or if this cannot be made, @param maximum evaluations that may be spent by both @throws {OutOfMemoryError} */
  constructor(
    private readonly regions: Limited,
    private readonly makeQuasi: () => Limited,
    private readonly maximum: number,
  ) {
    this.current = regions;
    this.isChosen = maximum < LEAST;
    if (this.isChosen || costOf(regions) <= FIRST_MAXIMUM * maximum) return;
    this.isChosen = true;
    try {
      this.quasi = makeQuasi();
    } catch (error) {
      regions.close();
      throw error;
    }
    this.current = this.quasi;
  }

  get units(): number {
    return this.current.units;
  }

  get job(): SeveralJob {
    return this.current.job;
  }

  compute(unit: number, points: Points): void {
    this.current.compute(unit, points);
  }

  decide(): boolean {
    if (this.isBeginning) return this.begin();
    const goesOn = this.current.decide();
    if (this.isChosen) return goesOn;
    const state = this.current.state();
    if (this.current === this.regions) {
      this.history.push({ evaluations: state.evaluations, error: sum(state.errors) });
      if (!goesOn) {
        this.isChosen = true;
        return false;
      }
      if (state.evaluations < TRIAL * this.maximum) return true;
      this.isBeginning = true;
      return this.begin();
    }
    return this.choose(state, goesOn);
  }

  /** The first round of quasi-Monte Carlo: if the regions could still compute their next round after its pilots. */
  private begin(): boolean {
    const state = this.regions.state();
    const quasi = this.makeQuasi();
    this.isBeginning = false;
    this.quasi = quasi;
    const left = this.maximum - state.evaluations;
    if (quasi.units === 0 || PILOT * costOf(quasi) + costOf(this.regions) > left) {
      this.isChosen = true;
      this.regions.limit(this.maximum);
      return true;
    }
    quasi.limit(left);
    this.switch(quasi, state);
    return true;
  }

  private switch(to: SeveralRule, { evaluations, rounds }: SeveralState): void {
    this.current = to;
    this.others = { evaluations, rounds };
  }

  private choose(state: SeveralState, goesOn: boolean): boolean {
    if (goesOn && state.rounds < PILOT) return true;
    this.isChosen = true;
    if (state.status === "converged") return false;
    const regions = this.regions.state();
    const left = this.maximum - regions.evaluations - state.evaluations;
    const quasi = sum(state.errors) * (state.evaluations / (state.evaluations + left)) ** QUASI_POWER;
    const now = this.history.at(-1)!;
    const before = this.history.findLast(({ evaluations }) => evaluations <= now.evaluations / 4) ?? this.history[0]!;
    const power = Math.log(before.error / now.error) / Math.log(now.evaluations / before.evaluations);
    const usual = Math.max(0, Math.min(POWER_MAXIMUM, Number.isFinite(power) ? power : 1));
    const promised = now.error * (now.evaluations / (now.evaluations + left)) ** usual;
    if (goesOn && QUASI_MARGIN * quasi < promised) return true;
    this.switch(this.regions, state);
    this.regions.limit(this.maximum - state.evaluations);
    return this.regions.units > 0;
  }

  state(): SeveralState {
    const own = this.current.state();
    const rule = this.current === this.regions ? "genz-malik" : "quasi-monte-carlo";
    const evaluations = own.evaluations + this.others.evaluations;
    const rounds = own.rounds + this.others.rounds;
    // Each by name: to spread an object takes microseconds, and this is read after each round.
    const { status, values, errors, l1, regions, nonFinite } = own;
    return { status, values, errors, l1, evaluations, rounds, regions, nonFinite, rule };
  }

  close(): void {
    this.quasi?.close();
    this.regions.close();
  }
}

/** Evaluations of a rule's round, about. */
function costOf({ units, job }: SeveralRule): number {
  return units * job.unitEvaluations;
}

function sum(errors: readonly number[]): number {
  return errors.reduce((all, each) => all + each, 0);
}
