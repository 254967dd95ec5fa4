import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { expectedSum, type Figures, TESTS } from "../../../bench/queue/config.js";
import { skip } from "../../tools/skip.js";

/** Runs Python without leaving compiled modules beside the sources. Null where there is none. */
function python(...args: string[]): string | null {
  const { status, stdout, stderr, error } = spawnSync("python3", ["-B", ...args], { encoding: "utf8" });
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") return null;
  assert.is(status, 0, stderr);
  return stdout;
}

/** A measured pass that never lets go of the interpreter's lock: the main thread reads no clock before it has ended. */
const GREEDY = `
import sys, time
sys.path.insert(0, "bench/queue")
import queues

WARM, MEASURED = 1, 2

def act(items):
    begun = time.perf_counter()
    if items == WARM:
        # Gives way now and then: the main thread is at the gate long before this ends.
        for _ in range(2_000_000):
            pass
    else:
        sum(range(2_000_000))
    return time.perf_counter() - begun

seconds, [(_, own)] = queues.run([(act, (), WARM, MEASURED)], False)
print(seconds >= own, seconds, own)
`;

test("the time of Python's threads begins before their passes do", () => {
  const output = python("-c", GREEDY);
  if (output === null) return skip("no python3");
  assert.match(output, /^True /, `of the pass, of the whole: ${output}`);
});

test("Python's queues give right sums, in a time that is more than nothing", () => {
  const runs: [name: string, kind: string][] = [
    ["queue", "numbers-2/2"],
    ["queue", "objects-1/1"],
    ["simple", "arrays-2/2"],
    ["simple", "ping-pong"],
    ["priority", "priority-2"],
    ["multiprocessing", "numbers-2/2"],
    ["multiprocessing", "ping-pong"],
  ];
  for (const [name, which] of runs) {
    const of = TESTS.find((each) => each.name === which);
    assert.ok(of);
    const output = python(
      "bench/queue/queues.py",
      ...[name, of.kind, of.producers, of.consumers, 64, 64, of.capacity].map(String),
    );
    if (output === null) return skip("no python3");
    const { sum, seconds } = JSON.parse(output) as Figures;
    assert.is(sum, expectedSum(of, 64), `${name} ${which}`);
    assert.ok(seconds > 0, `${name} ${which}: ${seconds} s`);
  }
});

test.run();
