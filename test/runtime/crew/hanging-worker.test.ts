/** Scripts that run for ever and never become workers. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { failureOf, inContext, loadLibrary } from "../library.js";

const F = "exp(-x*x)*sin(3*x)+cos(x)";
const OPTIONS = { points: 490_000, threads: 2 };

const { ClosedError, WorkerError } = await loadLibrary();

function dataUrl(text: string): string {
  return `data:text/javascript,${encodeURIComponent(text)}`;
}

test("rejects when a script runs for ever without becoming a worker", async () => {
  const url = dataUrl("setInterval(() => {}, 1000);");
  await inContext({ workerUrl: url, threads: 2 }, async (heddle) => {
    const failure = await failureOf(heddle.integrate(F, 0, 4, OPTIONS));
    assert.instance(failure, WorkerError);
    assert.match(String(failure), /was not ready after 10 s/);
  });
});

test("closes while a script hangs that never becomes a worker", async () => {
  const url = dataUrl("for (;;);");
  await inContext(
    { workerUrl: url, threads: 2 },
    async (heddle) => {
      const pending = failureOf(heddle.integrate(F, 0, 4, OPTIONS));
      await heddle.close();
      assert.instance(await pending, ClosedError);
    },
    9,
  );
});

test.run();
