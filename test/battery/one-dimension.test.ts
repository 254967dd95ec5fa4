/** What Heddle gets right of the battery in one dimension, without hints: the counts that must not get worse. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHeddle, type Effort } from "../../ts/index.js";
import { DIVERGENT, INTEGRALS } from "./index.js";
import type { Divergent, Integral } from "./item.js";
import { failures, type Score, score, summary } from "./score.js";

const heddle = createHeddle({ threads: 1 });

function count(effort: Effort): Promise<Score> {
  const items: readonly (Integral | Divergent)[] = [...INTEGRALS, ...DIVERGENT];
  return score(items, ({ text, range: [a, b], parameters = {} }) =>
    heddle.integrateSync(text, a, b, { effort, parameters }),
  );
}

test("the usual effort: all but one of a hundred right, no wrong claim, every error honest", async () => {
  const counted = await count("normal");
  console.log(`${summary({ normal: counted })}\n${failures(counted)}`);
  assert.ok(counted.right >= 0.99 * counted.asked, `${counted.right} of ${counted.asked}`);
  assert.is(counted.wrongClaims, 0);
  assert.is(counted.divergentClaims, 0);
  assert.ok(counted.honestClaims >= 0.99 * counted.claims, `${counted.honestClaims} of ${counted.claims}`);
});

test("with more effort: no wrong claim", async () => {
  const counted = await count("careful");
  assert.is(counted.wrongClaims, 0);
  assert.is(counted.divergentClaims, 0);
  assert.ok(counted.right >= 0.98 * counted.asked, failures(counted));
});

test("with the least effort: some are wrong, none that diverges is claimed", async () => {
  const counted = await count("fast");
  assert.is(counted.divergentClaims, 0);
  assert.ok(counted.right >= 0.95 * counted.asked, failures(counted));
});

test.after(() => heddle.close());

test.run();
