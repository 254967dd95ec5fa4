import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Entrant, takeInTurn } from "../../../bench/tools/rounds.js";

/** An entrant that takes no time but says that it took `cost()` seconds per point; each run is written into `log`. */
function entrant(name: string, cost: () => number, log: { name: string; seconds: number }[] = []): Entrant {
  return {
    async time(points) {
      const seconds = points * cost();
      log.push({ name, seconds });
      return { seconds, value: points };
    },
  };
}

test("takeInTurn begins each round with another entrant", async () => {
  const log: { name: string; seconds: number }[] = [];
  const entrants = ["a", "b", "c"].map((name) => entrant(name, () => 1e-8, log));
  await takeInTurn(entrants, { samples: 4, minimumSeconds: 0.1 });
  const order = log.map(({ name }) => name).join("");
  assert.is(order.slice(-12), "abc" + "bca" + "cab" + "abc");
});

test("takeInTurn gives each entrant points enough, and keeps only samples that last", async () => {
  const samples = await takeInTurn([entrant("fast", () => 1e-10), entrant("slow", () => 1e-4)], {
    samples: 3,
    minimumSeconds: 0.1,
  });
  assert.equal(
    samples.map((some) => some.length),
    [3, 3],
  );
  for (const sample of samples.flat()) {
    assert.ok(sample.seconds >= 0.1);
    assert.is(sample.value, sample.points, "a sample's value belongs to its points");
  }
});

test("takeInTurn takes a sample again when the entrant has become faster", async () => {
  const log: { name: string; seconds: number }[] = [];
  let runs = 0;
  // As a compiler that optimises late: from the seventh run on everything takes a tenth of the time.
  const cost = () => (++runs < 7 ? 1e-8 : 1e-9);
  const [samples = []] = await takeInTurn([entrant("late", cost, log)], { samples: 7, minimumSeconds: 0.1 });
  assert.is(samples.length, 7);
  assert.ok(samples.every(({ seconds }) => seconds >= 0.1));
  assert.ok(
    log.slice(6).some(({ seconds }) => seconds < 0.1),
    "the change fell into the sampling",
  );
});

test("takeInTurn warms up: the run that settles the points is not a sample", async () => {
  const log: { name: string; seconds: number }[] = [];
  const [samples = []] = await takeInTurn([entrant("a", () => 1, log)], { samples: 2, minimumSeconds: 0.1 });
  assert.is(samples.length, 2);
  assert.is(log.length, 3);
});

test.run();
