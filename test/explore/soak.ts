/**
 * The explorer, for as long as it takes: soak.mjs says how to call it.
 *
 * The first process only shares out jobs; each job is a process of its own, as many at a time as the machine has cores.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { explore } from "./explore.js";
import { formatVerdicts, mutationsOf, namesOf, tryMutants, type Verdict } from "./mutants.js";
import type { Exports, Program } from "./program.js";
import { replay } from "./replay.js";
import { formatReport, formatWalk } from "./report.js";
import { Scheduler } from "./scheduler.js";
import type { Suite } from "./suite.js";
import { SUITES } from "./suites.js";
import { onNodeThatSuspends } from "./suspend.js";
import { walk } from "./walk.js";

const { values: options, positionals: patterns } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "20" },
    seed: { type: "string", default: String(1 + (Date.now() % 1_000_000_000)) },
    mutants: { type: "boolean", default: false },
    mutant: { type: "string" },
    replay: { type: "string" },
    /** What a job does: "program <name>", or "mutants <suite> <part> <of>". For our own processes only. */
    job: { type: "string" },
  },
});

/** Lines of a job that are data, not text. */
const VERDICT = "verdict ";

await onNodeThatSuspends(main);

async function main(): Promise<void> {
  if (options.job !== undefined) await work(JSON.parse(options.job) as Job);
  else if (options.replay !== undefined) await tell(options.replay);
  else if (options.mutants) await tableOfMutants();
  else await Promise.all(share(chosen().map(({ program }): Job => ({ kind: "program", name: program.name }))));
}

type Job =
  | { readonly kind: "program"; readonly name: string }
  | { readonly kind: "mutants"; readonly suite: string; readonly part: number; readonly of: number };

function chosen(): { suite: Suite; program: Program<Exports> }[] {
  const all = SUITES.flatMap((suite) => suite.programs.map((program) => ({ suite, program })));
  const found = all.filter(
    ({ program: { name } }) => patterns.length === 0 || patterns.some((pattern) => name.includes(pattern)),
  );
  if (found.length > 0) return found;
  throw new Error(`expected a part of one of these: ${all.map(({ program }) => program.name).join("; ")}`);
}

/** As many workers as cores, each with one job after the other. A job that fails is told, and fails the whole. */
function share(jobs: readonly Job[], onLine: (line: string) => void = console.log): Promise<void>[] {
  const queue = [...jobs];
  const running = new Set<ReturnType<typeof spawn>>();
  process.once("SIGTERM", () => {
    for (const child of running) child.kill("SIGKILL");
    process.exit(1);
  });
  return Array.from({ length: availableParallelism() }, async () => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const args = [...process.execArgv, process.argv[1] as string, "--job", JSON.stringify(job)];
      const child = spawn(process.execPath, [...args, "--seconds", options.seconds, "--seed", options.seed], {
        stdio: ["ignore", "pipe", "inherit"],
      });
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

async function workOnMutants({ suite: name, part, of }: Extract<Job, { kind: "mutants" }>): Promise<void> {
  const suite = SUITES.find((each) => each.name === name);
  if (suite === undefined) throw new Error(`expected a suite, got ${name}`);
  const subject = suite.subject();
  const mutations = mutationsOf(subject, (site) => suite.mutated(site)).filter((_, index) => index % of === part);
  await tryMutants(subject, suite.programs, mutations, {
    seconds: Number(options.seconds),
    onVerdict: (verdict) => console.log(VERDICT + JSON.stringify(verdict)),
  });
}

/** Who survives without a reason, and who was given one and does not, fails the run. */
async function tableOfMutants(): Promise<void> {
  for (const suite of SUITES) {
    if (patterns.length > 0 && !patterns.some((pattern) => suite.name.includes(pattern))) continue;
    const of = 2 * availableParallelism();
    const verdicts: Verdict[] = [];
    const jobs = Array.from({ length: of }, (_, part): Job => ({ kind: "mutants", suite: suite.name, part, of }));
    await Promise.all(
      share(jobs, (line) => {
        if (line.startsWith(VERDICT)) verdicts.push(JSON.parse(line.slice(VERDICT.length)) as Verdict);
        else console.log(line);
      }),
    );
    console.log(formatVerdicts(verdicts).join("\n"));
    const alive = verdicts.filter(({ verdict }) => verdict !== "killed").map(({ name }) => name);
    const unexplained = alive.filter((name) => suite.survivors[name] === undefined);
    const stale = Object.keys(suite.survivors).filter((name) => !alive.includes(name));
    console.log(`${suite.name}: ${verdicts.length} mutants, ${verdicts.length - alive.length} killed`);
    for (const name of alive) console.log(`  ${suite.survivors[name] ?? "NOT EXPLAINED"}: ${name}`);
    for (const name of stale) console.log(`  EXPLAINED, BUT NOT ALIVE: ${name}`);
    if (unexplained.length + stale.length > 0) process.exitCode = 1;
  }
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
