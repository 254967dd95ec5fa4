/** What Heddle gets right of the battery in several dimensions: the counts that must not get worse. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHeddle, type SeveralOptions } from "../../ts/index.js";
import { BOX_INTEGRALS } from "./index.js";
import { byKind, failures, type Score, score, summary } from "./score.js";

const heddle = createHeddle({ threads: 1 });

async function count(options: SeveralOptions, withPlanes: boolean): Promise<Score> {
  const counted = await score(BOX_INTEGRALS, ({ text, ranges, breakPoints, parameters = {} }) =>
    heddle.integrateSync(text, ranges, {
      ...options,
      parameters,
      ...(withPlanes && breakPoints !== undefined ? { breakPoints } : {}),
    }),
  );
  const shown = { heddle: counted };
  console.log(`${summary(shown)}\n${byKind(shown)}\n${failures(counted)}`);
  return counted;
}

function check(counted: Score, right: number): void {
  assert.ok(counted.right >= right, `${counted.right} of ${counted.asked}`);
  assert.is(counted.wrongClaims, 0);
  assert.ok(counted.honestClaims >= 0.99 * counted.claims, `${counted.honestClaims} of ${counted.claims}`);
}

test("600,000 evaluations, without hints: nine of ten right, no wrong claim, every error honest", async () => {
  check(await count({ maximumEvaluations: 600_000 }, false), 101);
});

test("4,000,000 evaluations, with break planes", async () => {
  check(await count({ maximumEvaluations: 4_000_000 }, true), 102);
});

test("regions alone, whether or not the integrand is a product", async () => {
  check(await count({ maximumEvaluations: 600_000, rule: "genz-malik" }, false), 92);
});

test.after(() => heddle.close());

test.run();
