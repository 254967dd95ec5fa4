/**
 * The contender's end of the line protocol, for contenders that run in Node. process.ts is the other end.
 *
 *   first line out           who answers: versions
 *   name points threads      in: compute this problem with so many panels on so many threads
 *   seconds value [count]    out: what it took, measured here, and the answer; evaluations, where a bench asks how many there were
 *   end of input             the bench is over
 */
import { createInterface } from "node:readline";

export interface Answer {
  readonly seconds: number;
  readonly value: number;
  readonly evaluations?: number;
}

/** Answers one line at a time until the input ends. What `time` throws ends the process, and the bench with it. */
export async function serve(
  greeting: string,
  time: (name: string, points: number, threads: number) => Promise<Answer>,
): Promise<void> {
  process.stdout.write(`${greeting}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const [name = "", points, threads] = line.split(" ");
    const { seconds, value, evaluations } = await time(name, Number(points), Number(threads));
    process.stdout.write(`${seconds} ${value}${evaluations === undefined ? "" : ` ${evaluations}`}\n`);
  }
}
