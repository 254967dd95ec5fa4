/** What a round saw of its deaths, whatever it was about. */
import type { Life } from "./crew.js";
import { Word } from "./ledger.js";

export interface Deaths {
  readonly deaths: number;
  /** By which hand: by force, or by its own, between operations or in the middle of one. */
  readonly terminated: number;
  readonly exited: number;
  readonly threw: number;
  readonly exitedInside: number;
  readonly diedStarting: number;
  /** In a section of the core or at its edge: waiting for its lock, inside, or just out of it; and with changes made in it. */
  readonly inSection: number;
  readonly withChanges: number;
  /** In a section of the arena. */
  readonly inArena: number;
  /** Operations of all threads. */
  readonly operations: number;
}

/** To be called when all are dead and examined. */
export function countDeaths(lives: readonly Life[]): Deaths {
  const dead = lives.filter(({ isDoomed }) => isDoomed);
  const count = (isSo: (life: Life) => boolean): number => dead.filter(isSo).length;
  return {
    deaths: dead.length,
    terminated: count(({ ending }) => ending.how === "terminate"),
    exited: count(({ ending }) => ending.how === "exit"),
    threw: count(({ ending }) => ending.how === "throw"),
    exitedInside: count(({ ending }) => ending.how === "inside"),
    diedStarting: count(({ diedStarting }) => diedStarting),
    inSection: count(({ record }) => record !== undefined && record.section !== 0),
    withChanges: count(({ record }) => record !== undefined && record.section !== 0 && record.logLength > 0),
    inArena: count(({ isInArena }) => isInArena),
    operations: lives.reduce((sum, life) => sum + life.read(Word.OPERATIONS), 0),
  };
}

/** Adds up the numbers of reports. */
export class Totals {
  private readonly sums = new Map<string, number>();

  add(report: object): void {
    for (const [name, value] of Object.entries(report)) {
      if (typeof value === "number") this.sums.set(name, (this.sums.get(name) ?? 0) + value);
    }
  }

  toString(): string {
    return [...this.sums].map(([name, sum]) => `${name} ${sum}`).join(", ");
  }
}
