/**
 * Mutants: the module with one thing left out, or done otherwise. A program that is worth its time finds each of them.
 *
 * A mutant that survives says: this instruction could be missing, and no run of these programs would show it. Either a program is missing, or the instruction is
 * there for another reason, which is then written down beside its name.
 */
import { explore } from "./explore.js";
import type { Mutation } from "./instrument.js";
import type { Program } from "./program.js";
import { Scheduler } from "./scheduler.js";
import { isOfHost, type Site } from "./sites.js";
import { JournalError } from "./state.js";
import type { Subject } from "./subject.js";

export interface Verdict {
  readonly mutation: Mutation;
  /** What is done otherwise, and where: "removed: atomic.store<i32>(flag, 1); in raise, i32.atomic.store". Stable as long as that line is. */
  readonly name: string;
  /** The site's name, with instruction and line. */
  readonly place: string;
  readonly verdict: "killed" | "survived" | "not reached";
  /** The program that found it, how, and the schedule. */
  readonly by?: string;
  readonly what?: string;
  readonly schedule?: string;
  readonly runs: number;
}

export interface MutantOptions {
  /** Departures at most, instead of the programs' own. */
  readonly bound?: number;
  /** Seconds for one mutant in one program. */
  readonly seconds?: number;
  /** Called after each. */
  readonly onVerdict?: (verdict: Verdict) => void;
}

/** What can be done otherwise at a site. */
const CHANGES: Readonly<Record<Site["kind"], readonly Mutation["change"][]>> = {
  notify: ["removed"],
  store: ["removed"],
  change: ["removed", "torn"],
  wait: ["unseen"],
  branch: ["always", "never"],
  ...{ load: [], woken: [], fill: [], copy: [], call: [], return: [], end: [], yield: [], recovered: [] },
};

/**
 * Everything that can be done otherwise.
 *
 * @param chosen  which sites: a program of a few functions has hundreds of branches
 */
export function mutationsOf({ sites }: Subject, chosen: (site: Site) => boolean): Mutation[] {
  return sites
    .filter((site) => site.function >= 0 && !isOfHost(site.within) && chosen(site))
    .flatMap(({ number, kind, opcode }) =>
      CHANGES[kind]
        // A narrow change cannot be torn.
        .filter((change) => change !== "torn" || /rmw\./.test(opcode))
        .map((change) => ({ site: number, change })),
    );
}

/** The names of mutations, in their order. The second of the same name ends with " (2)". */
export function namesOf({ sites }: Subject, mutations: readonly Mutation[]): string[] {
  const counts = new Map<string, number>();
  return mutations.map(({ site, change }) => {
    const { text, within, opcode, instruction } = sites[site] as Site;
    const name = `${change}: ${text || `instruction ${instruction}`} in ${within.split("/").at(-1)}, ${opcode}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

/** Tries each mutation in each program that comes to its site, until one fails. */
export async function tryMutants<E>(
  subject: Subject,
  programs: readonly Program<E>[],
  mutations: readonly Mutation[],
  options: MutantOptions = {},
): Promise<Verdict[]> {
  const reached = new Map<Program<E>, ReadonlySet<number>>();
  const efforts = new Map<Program<E>, number>();
  for (const program of programs) {
    const bound = Math.min(program.quick ?? program.bound, options.bound ?? program.bound);
    const limits = { bound, ...(options.seconds === undefined ? {} : { seconds: options.seconds }) };
    const report = await explore(new Scheduler(program, subject.target()), limits);
    if (report.failure !== null)
      throw new Error(`expected ${program.name} to hold, got ${report.failure.what}: ${report.failure.schedule}`);
    reached.set(program, report.reached);
    efforts.set(program, report.steps);
  }
  const verdicts: Verdict[] = [];
  // The least effort first; and who found the last one is likely to find the next.
  const order = programs.toSorted((one, other) => (efforts.get(one) ?? 0) - (efforts.get(other) ?? 0));
  const names = namesOf(
    subject,
    mutationsOf(subject, () => true),
  );
  const all = mutationsOf(subject, () => true);
  const nameOf = ({ site, change }: Mutation) =>
    names[all.findIndex((each) => each.site === site && each.change === change)] ?? "";
  for (const mutation of mutations) {
    // Branches are no steps, so nobody knows who comes by.
    const isBranch = subject.sites[mutation.site]?.kind === "branch";
    const able = order.filter((program) => isBranch || reached.get(program)?.has(mutation.site));
    const verdict = await tryMutant(subject, able, mutation, nameOf(mutation), options);
    options.onVerdict?.(verdict);
    verdicts.push(verdict);
    const finder = order.findIndex(({ name }) => name === verdict.by);
    if (finder > 0) order.unshift(...order.splice(finder, 1));
  }
  return verdicts;
}

/** Few departures in all programs first: most mutants fall there. */
async function tryMutant<E>(
  subject: Subject,
  programs: readonly Program<E>[],
  mutation: Mutation,
  name: string,
  { bound = Number.POSITIVE_INFINITY, seconds }: MutantOptions,
): Promise<Verdict> {
  const place = subject.sites[mutation.site]?.name ?? "";
  const target = subject.target(mutation);
  let runs = 0;
  for (const most of bound > 1 ? [1, bound] : [bound]) {
    for (const program of programs) {
      const limits = {
        allRaces: true,
        bound: Math.min(most, program.bound),
        ...(seconds === undefined ? {} : { seconds }),
      };
      const report = await exploreMutant(program, target, limits);
      runs += report.runs;
      if (report.failure === null) continue;
      return { mutation, name, place, verdict: "killed", by: program.name, ...report.failure, runs };
    }
  }
  return { mutation, name, place, verdict: programs.length === 0 ? "not reached" : "survived", runs };
}

/** A mutant may use its log otherwise than programs say, and then must be told apart state by state. */
async function exploreMutant<E>(
  program: Program<E>,
  target: ReturnType<Subject["target"]>,
  limits: Parameters<typeof explore>[1],
): ReturnType<typeof explore> {
  try {
    return await explore(new Scheduler(program, target), limits);
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return explore(new Scheduler({ ...program, journals: [] }, target), limits);
  }
}

/** One line for each and one for what found it; the survivors last. */
export function formatVerdicts(verdicts: readonly Verdict[]): string[] {
  const order = { killed: 0, "not reached": 1, survived: 2 };
  return [...verdicts]
    .sort((one, other) => order[one.verdict] - order[other.verdict])
    .flatMap(({ verdict, name, place, by, what, schedule }) => [
      `${verdict.padEnd(12)} ${name}`,
      `             ${by === undefined ? place : `${by}: ${what} [${schedule}]`}`,
    ]);
}
