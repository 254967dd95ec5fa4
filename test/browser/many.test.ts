// @serial
/** Sweeps on pages: the bits of Node, on workers, some of which die, and where the page computes alone. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ManyResult } from "../../ts/index.js";
import { bitsOf, loadLibrary } from "../runtime/library.js";
import { Pages, script } from "./page.js";

const CALL = `"abs(sin(k*x))+1/sqrt(x)", 0, 9, { parameters: { k: Float64Array.from({ length: 600 }, (_, i) => 0.3 + i / 90) }, effort: "fast", relativeTolerance: 1e-8`;

const library = await loadLibrary();
// The page's own text: the same sets there and here.
const { integrateManySync } = library;
const expected: ManyResult = new Function("integrateManySync", `return integrateManySync(${CALL} });`)(
  integrateManySync,
);
const EXPECTED = bitsOfAll([...expected.values], [...expected.errors], [...expected.statuses]);

const pages = new Pages();
test.after(() => pages.close());

function bitsOfAll(values: readonly number[], errors: readonly number[], statuses: readonly number[]): string {
  return [values.map(bitsOf), errors.map(bitsOf), statuses].join();
}

/** What comes from a page is JSON. */
interface Seen {
  readonly values: number[];
  readonly errors: number[];
  readonly statuses: number[];
  readonly mode: string;
  readonly restarts: number;
}

const RETURN =
  "({ values, errors, statuses, mode, restarts }) => ({ values: [...values], errors: [...errors], statuses: [...statuses], mode, restarts })";

test("on workers, one of which is killed under way", () =>
  pages.open({}, async (page) => {
    const seen = await page.evaluate<Seen[]>(
      script(`
        const context = heddle.createHeddle({ threads: 2 });
        await context.start();
        const results = [];
        for (let run = 0; run < 4; run++) {
          const [victim] = context.info().workers;
          if (run > 0 && victim !== undefined) context.killWorker(victim, run * 3);
          results.push((${RETURN})(await context.integrateMany(${CALL}, threads: 2 })));
        }
        results.push((${RETURN})(context.integrateManySync(${CALL} })));
        await context.close();
        return results;`),
    );
    for (const { values, errors, statuses } of seen) assert.is(bitsOfAll(values, errors, statuses), EXPECTED);
    assert.equal(
      seen.map(({ mode }) => mode),
      ["threads", "threads", "threads", "threads", "inline"],
    );
  }));

test("on the page's own thread", () =>
  pages.open({ isolated: false }, async (page) => {
    const { values, errors, statuses, mode } = await page.evaluate<Seen>(
      script(`return (${RETURN})(await heddle.integrateMany(${CALL} }));`),
    );
    assert.is(bitsOfAll(values, errors, statuses), EXPECTED);
    assert.is(mode, "inline");
  }));

test.run();
