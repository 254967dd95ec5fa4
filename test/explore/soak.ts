/**
 * The explorer, for as long as it takes: soak.mjs says how to call it.
 *
 * The first process only shares out jobs; each job is a process of its own, as many at a time as the machine has cores.
 */
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { explore } from "./explore.js";
import type { Mutation } from "./instrument.js";
import { formatVerdicts, mutationsOf, namesOf, tryMutants, type Verdict } from "./mutants.js";
import type { Exports, Program } from "./program.js";
import { replay } from "./replay.js";
import { formatReport, formatWalk } from "./report.js";
import { Scheduler } from "./scheduler.js";
import type { Site } from "./sites.js";
import { type Suite, survivorOf } from "./suite.js";
import { SUITES } from "./suites.js";
import { onNodeThatSuspends } from "./suspend.js";
import { walk } from "./walk.js";

const { values: options, positionals: patterns } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "20" },
    seed: { type: "string", default: String(1 + (Date.now() % 1_000_000_000)) },
    jobs: { type: "string", default: String(availableParallelism()) },
    mutants: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    bound: { type: "string", default: String(Number.POSITIVE_INFINITY) },
    verdicts: { type: "string" },
    mutant: { type: "string" },
    replay: { type: "string" },
    /** What a job does: "program <name>", or "mutants <suite> <names>". For our own processes only. */
    job: { type: "string" },
  },
});

/** Lines of a job that are data, not text. */
const VERDICT = "verdict ";

await onNodeThatSuspends(main);

async function main(): Promise<void> {
  if (options.job !== undefined) await work(JSON.parse(options.job) as Job);
  else if (options.replay !== undefined) await tell(options.replay);
  else if (options.mutants) for (const suite of suites()) await tableOfMutants(suite);
  else await Promise.all(share(chosen().map(({ program }): Job => ({ kind: "program", name: program.name }))));
}

type Job =
  | { readonly kind: "program"; readonly name: string }
  | { readonly kind: "mutants"; readonly suite: string; readonly names: readonly string[] };

function chosen(): { suite: Suite; program: Program<Exports> }[] {
  const all = SUITES.flatMap((suite) => suite.programs.map((program) => ({ suite, program })));
  const found = all.filter(
    ({ program: { name } }) => patterns.length === 0 || patterns.some((pattern) => name.includes(pattern)),
  );
  if (found.length > 0) return found;
  throw new Error(`expected a part of one of these: ${all.map(({ program }) => program.name).join("; ")}`);
}

function suites(): Suite[] {
  return SUITES.filter(({ name }) => patterns.length === 0 || patterns.some((pattern) => name.includes(pattern)));
}

/** As many workers as `--jobs` says, each with one job after the other. A job that fails is told, and fails the whole. */
function share(jobs: readonly Job[], onLine: (line: string) => void = console.log): Promise<void>[] {
  const queue = [...jobs];
  const running = new Set<ReturnType<typeof spawn>>();
  process.once("SIGTERM", () => {
    for (const child of running) child.kill("SIGKILL");
    process.exit(1);
  });
  return Array.from({ length: Number(options.jobs) }, async () => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const args = [...process.execArgv, process.argv[1] as string, "--job", JSON.stringify(job)];
      const child = spawn(
        process.execPath,
        [...args, "--seconds", options.seconds, "--seed", options.seed, "--bound", options.bound],
        {
          stdio: ["ignore", "pipe", "inherit"],
        },
      );
      running.add(child);
      createInterface(child.stdout).on("line", onLine);
      const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
      running.delete(child);
      if (code !== 0) process.exitCode = 1;
    }
  });
}

async function work(job: Job): Promise<void> {
  if (job.kind === "mutants") return workOnMutants(job);
  const found = SUITES.flatMap((suite) => suite.programs.map((program) => ({ suite, program }))).find(
    ({ program }) => program.name === job.name,
  );
  if (found === undefined) throw new Error(`expected a program, got ${job.name}`);
  const scheduler = new Scheduler(found.program, found.suite.subject().target());
  const report = await explore(scheduler);
  console.log(formatReport(report));
  if (report.failure === null) {
    const wandered = await walk(scheduler, { seed: Number(options.seed), seconds: Number(options.seconds) });
    console.log(formatWalk(wandered));
    if (wandered.failure === null) return;
  }
  process.exitCode = 1;
}

async function workOnMutants({ suite: name, names }: Extract<Job, { kind: "mutants" }>): Promise<void> {
  const suite = SUITES.find((each) => each.name === name);
  if (suite === undefined) throw new Error(`expected a suite, got ${name}`);
  const subject = suite.subject();
  const mutations = mutationsOf(subject, () => true);
  const chosen = new Set(names);
  const mine = namesOf(subject, mutations).flatMap((each, i) => (chosen.has(each) ? [mutations[i] as Mutation] : []));
  // What is in the core is there for others as well: their programs are asked when its own do not find a mutant.
  const others = SUITES.filter((other) => other !== suite && other.subject() === subject);
  await tryMutants(
    subject,
    [suite, ...others].flatMap(({ programs }) => programs),
    mine,
    {
      seconds: Number(options.seconds),
      bound: Number(options.bound),
      onVerdict: (verdict) => console.log(VERDICT + JSON.stringify(verdict)),
    },
  );
}

/** Who survives without a reason, and who was given one and does not, fails the run. */
async function tableOfMutants(suite: Suite): Promise<void> {
  const names = mutantsOf(suite);
  const verdicts = verdictsBefore().filter(({ name }) => names.includes(name));
  const left = names.filter((name) => !verdicts.some((verdict) => verdict.name === name));
  console.log(`${suite.name}: ${names.length} mutants, ${verdicts.length} tried before`);
  const of = Math.min(Number(options.jobs), left.length);
  const jobs = Array.from({ length: of }, (_, part): Job => {
    return { kind: "mutants", suite: suite.name, names: left.filter((_, index) => index % of === part) };
  });
  await Promise.all(
    share(jobs, (line) => {
      if (!line.startsWith(VERDICT)) return console.log(line);
      const data = line.slice(VERDICT.length);
      if (options.verdicts !== undefined) appendFileSync(options.verdicts, `${data}\n`);
      const verdict = JSON.parse(data) as Verdict;
      verdicts.push(verdict);
      console.log(formatVerdicts([verdict]).join("\n"));
    }),
  );
  tellOfSurvivors(suite, names, verdicts);
}

/** Names of the suite's mutants, of all or of those that `--only` is about. */
function mutantsOf(suite: Suite): string[] {
  const subject = suite.subject();
  const all = mutationsOf(subject, () => true);
  return namesOf(subject, all).filter((name, i) => {
    const site = subject.sites[all[i]?.site as number] as Site;
    return suite.mutated(site) && `${name} ${site.name}`.includes(options.only);
  });
}

/** Verdicts of runs before this one. */
function verdictsBefore(): Verdict[] {
  if (options.verdicts === undefined || !existsSync(options.verdicts)) return [];
  const lines = readFileSync(options.verdicts, "utf8").trim().split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Verdict);
}

function tellOfSurvivors(suite: Suite, names: readonly string[], verdicts: readonly Verdict[]): void {
  const alive = verdicts.filter(({ verdict }) => verdict !== "killed");
  console.log(`\n${formatVerdicts(alive).join("\n")}`);
  console.log(`${suite.name}: ${verdicts.length} mutants, ${verdicts.length - alive.length} killed`);
  const used = alive.map(({ name }) => survivorOf(suite, name));
  for (const [i, { name }] of alive.entries()) {
    const key = used[i];
    console.log(`  ${key === undefined ? "NOT EXPLAINED" : suite.survivors[key]}: ${name}`);
  }
  // Of some of them nothing can be said about the others.
  const isWhole = options.only === "" && verdicts.length === names.length;
  const stale = isWhole ? Object.keys(suite.survivors).filter((key) => !used.includes(key)) : [];
  for (const name of stale) console.log(`  EXPLAINED, BUT NOT ALIVE: ${name}`);
  if (used.includes(undefined) || stale.length > 0) process.exitCode = 1;
}

async function tell(schedule: string): Promise<void> {
  const [found, ...others] = chosen();
  if (found === undefined || others.length > 0) {
    throw new Error(`expected a part of one program's name, got ${patterns.join(" ") || "none"}`);
  }
  const { suite, program } = found;
  const subject = suite.subject();
  const mutations = mutationsOf(subject, () => true);
  const mutation =
    options.mutant === undefined ? undefined : mutations[namesOf(subject, mutations).indexOf(options.mutant)];
  if (options.mutant !== undefined && mutation === undefined)
    throw new Error(`expected the name of a mutant, got ${options.mutant}`);
  const { failure, lines } = await replay(new Scheduler(program, subject.target(mutation)), schedule);
  console.log(lines.join("\n"));
  if (failure !== null) process.exitCode = 1;
}
