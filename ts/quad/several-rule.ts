/**
 * What rules in several variables, and of several components, have in common: how they are asked, and what they answer.
 *
 * A rule goes in rounds, each of a number of units that can be computed in any order, by any thread, and more than once; between rounds it decides. What decides
 * depends on the values alone, so the same problem gives the same bits, whoever computes.
 *
 * Role: the thread that made the context; `compute` may be replaced by workers' doing.
 */
import type { Status } from "./status.js";

/** All that the result depends on, whatever the rule. */
export interface SeveralSpec {
  /** The region, lo < hi in each axis, finite. */
  readonly lo: readonly number[];
  readonly hi: readonly number[];
  /** Break planes by axis: ascending, inside. */
  readonly breaks: readonly (readonly number[])[];
  readonly components: number;
  /** Whether the two components are the parts of a complex number, so that the tolerance is for its modulus; else each component has to reach it. */
  readonly isComplex: boolean;
  readonly relative: number;
  readonly absolute: number;
  /** Evaluations (points, not values) that may be spent. */
  readonly maximum: number;
  /** How much is looked at before anything is believed: panels of the first pass in one dimension; 64 is usual. */
  readonly first: number;
  /** A whole number, 0 to 2^53 - 1. */
  readonly seed: number;
  readonly parameters: readonly number[];
}

/** What came of it, up to now or at last. */
export interface SeveralState {
  readonly status: Status;
  /** By component. NaN, and Infinity, before the first round. */
  readonly values: readonly number[];
  readonly errors: readonly number[];
  /** Of all components together. */
  readonly l1: number;
  readonly evaluations: number;
  readonly rounds: number;
  /** Regions, or cells, that the box is cut into at the end. */
  readonly regions: number;
  /** Points where a value was not finite, and the first of them in the order of evaluation, in the rule's coordinates, if it is known. */
  readonly nonFinite: { readonly count: number; readonly point: readonly number[] | null } | null;
  /** The rule that computed it, where one chose between others (choosing.ts). */
  readonly rule?: "genz-malik" | "quasi-monte-carlo";
}

/** Evaluates the points of `count` runs: the driver `points` (assembly/quad/drivers/points.ts). */
export type Points = (list: number, count: number) => void;

/** What threads that share a round need to know of it: a job of units (assembly/pool/README.md). */
export interface SeveralJob {
  /** `JobKind`. */
  readonly kind: number;
  /** Address of the record that the units are of. */
  readonly record: number;
  /** Bytes of a desk. */
  readonly desk: number;
  /** Evaluations of a unit of this round, about. */
  readonly unitEvaluations: number;
}

/** One integral by one rule. */
export interface SeveralRule {
  /** The round as a job. */
  readonly job: SeveralJob;
  /** Units of the round that is to be computed; 0 when it is done. */
  readonly units: number;
  /** Computes one unit of the round on this thread. */
  compute(unit: number, points: Points): void;
  /**
   * All units of the round are computed: adds up, and lays out the next round.
   *
   * @returns whether there is one. @throws {OutOfMemoryError} and goes on where it was when it is called again
   */
  decide(): boolean;
  state(): SeveralState;
  /** Gives its memory back. Nothing else may be called then. */
  close(): void;
}

/** A rule whose budget can be changed between rounds. */
export interface Limited extends SeveralRule {
  limit(maximum: number): void;
}
