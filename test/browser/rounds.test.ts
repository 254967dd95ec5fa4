// @serial
/** Integrals to a tolerance on pages: the bits of Node, on workers, one of which dies, and on the page's own thread, which may call what is compiled and block for it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ToleranceResult } from "../../ts/index.js";
import { loadLibrary, resultBits } from "../runtime/library.js";
import { Pages, script } from "./page.js";

const F = "exp(sin(x))*erf(x/3)+gamma(1+x/10)*j0(x)+sqrt(abs(cos(a*x)))";
const OPTIONS = { parameters: { a: 3 }, effort: "paranoid", relativeTolerance: 1e-11 } as const;
const CALL = `${JSON.stringify(F)}, 0, 20, { ...${JSON.stringify(OPTIONS)}`;

const library = await loadLibrary();
const EXPECTED = resultBits(library.integrateSync(F, 0, 20, { ...OPTIONS, threads: 1 }));

const pages = new Pages();
test.after(() => pages.close());

test("rounds on workers, one of which is killed under way; alone on the page's thread, with a handle", () =>
  pages.open({}, async (page) => {
    const seen = await page.evaluate<ToleranceResult[]>(
      script(`
        const context = heddle.createHeddle({ threads: 2 });
        await context.start();
        const results = [await context.integrate(${CALL}, threads: 2 })];
        context.killWorker(context.info().workers[0], 3);
        results.push(await context.integrate(${CALL}, threads: 2 }));
        const f = heddle.compile(${JSON.stringify(F)}, { parameters: ["a"] });
        results.push(context.integrateSync(f, 0, 20, ${JSON.stringify(OPTIONS)}));
        await context.close();
        return results;`),
    );
    for (const result of seen) assert.is(resultBits(result), EXPECTED);
    assert.equal(
      seen.map(({ mode }) => mode),
      ["threads", "threads", "inline"],
    );
  }));

test("on a page without threads", () =>
  pages.open({ isolated: false }, async (page) => {
    const result = await page.evaluate<ToleranceResult>(script(`return heddle.integrate(${CALL}, threads: 2 });`));
    assert.is(resultBits(result), EXPECTED);
    assert.is(result.mode, "inline");
    assert.match(result.modeReason, /isolated/);
  }));

test.run();
