/** Where figures come from: machine, versions, commit. Without it a figure means nothing. */
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from "node:os";
import { execute } from "./execute.js";

export interface Machine {
  readonly date: string;
  readonly commit: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Processes that wanted to run in the last minute, before the bench began. Above 0.5 somebody else is at work. */
  readonly load: number;
}

/** Looks around. The load is a moment's truth: call it before the bench makes some. */
export async function describeMachine(): Promise<Machine> {
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: await describeCommit(),
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: `${process.versions.node} (V8 ${process.versions.v8})`,
    load: loadavg()[0] ?? 0,
  };
}

async function describeCommit(): Promise<string> {
  try {
    const commit = (await execute("git", ["rev-parse", "--short=10", "HEAD"])).trim();
    const changes = (await execute("git", ["status", "--porcelain", "--untracked-files=no"])).trim();
    return changes === "" ? commit : `${commit} with changes`;
  } catch {
    return "unknown (no git, or not a clone)";
  }
}

/** As lines of text. */
export function showMachine(machine: Machine): string {
  const lines = [
    `Machine   ${machine.cores} cores, ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.system}`,
    `Node      ${machine.node}`,
    `Heddle    commit ${machine.commit}`,
    `Date      ${machine.date}`,
  ];
  if (machine.load > 0.5) {
    lines.push(
      `Load      ${machine.load.toFixed(1)} before the start: others are at work here, and the figures show it`,
    );
  }
  return lines.join("\n");
}
