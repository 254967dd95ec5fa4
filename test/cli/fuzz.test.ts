/**
 * Wrong expressions: each is refused with its place, and nothing else happens.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ExpressionError } from "../../ts/errors.js";
import { realLibrary } from "./real.js";
import { makeWorld, runWith } from "./world.js";

const WRONG = process.env.STRESS ? 20_000 : 200;

const PIECES = [
  ..."xye0123456789.,;:+-*/^%&|!?=<>()[]{}'\"`~@#$\\_ \t\n\u0007\u00b2\u03c0\u2212é😀\ud83d",
  ...[
    "sin",
    "cos(",
    "exp(x)",
    "pi",
    "inf",
    "nan",
    "x^2",
    "1e400",
    "**",
    "<=",
    "&&",
    "Math.",
    "1e",
    "0x1f",
    "2x",
    "atan2(x",
    "max(",
    ")(",
  ],
];
const WHOLE = ["sin(x)", "x^2+1", "-x*(x-1)", "max(x, 1, 2)", "x < 1 ? x : -x", "exp(-x^2)/sqrt(pi)", "((x))", "2^-x"];

test(`refuses ${WRONG} wrong expressions with exit code 2 and a caret under the place`, async () => {
  const seed = Number(process.env.SEED ?? 20_240_229);
  const random = generator(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  let refused = 0;
  for (let tried = 0; refused < WRONG; tried++) {
    assert.ok(tried < 20 * WRONG, "expected most random texts to be wrong");
    let text = random() < 0.5 ? pick(WHOLE) : "";
    for (let edits = 1 + Math.floor(random() * 5); edits > 0; edits--) {
      const at = Math.floor(random() * (text.length + 1));
      const dropped = random() < 0.3 ? 1 + Math.floor(random() * 3) : 0;
      text = text.slice(0, at) + (dropped > 0 ? "" : pick(PIECES)) + text.slice(at + dropped);
    }
    // What an operating system cannot pass on, or what is an option by its shape, needs no test here.
    if (/^--|^-[hV]$/.test(text)) continue;
    const thrown = await refusalOf(text);
    if (thrown === undefined) continue;
    const library = { ...realLibrary, start: () => Promise.reject(new Error("nothing may start")) };
    const { code, stdout, stderr } = await runWith(
      ["integrate", text, "0", "1", "--points", "10"],
      library,
      makeWorld(),
    );
    const about = `seed ${seed}: ${JSON.stringify(text)}: ${stderr}`;
    assert.is(code, 2, about);
    assert.is(stdout, "", about);
    const [first = "", excerpt = "", carets = "", end, ...rest] = stderr.split("\n");
    assert.ok(first.startsWith("heddle: "), about);
    assert.match(carets, /^ +\^+$/, about);
    assert.equal([end, rest], ["", []], about);
    // The caret stands under the offending part, as far as the excerpt shows it as it is.
    const at = carets.indexOf("^");
    const shown = excerpt.slice(at, at + carets.trim().length);
    const part = thrown.source.slice(thrown.start, thrown.end).slice(0, shown.length);
    if (!/\p{C}/u.test(part)) assert.is(shown.trimEnd(), part.trimEnd(), about);
    refused++;
  }
});

test("refuses enormous texts as quickly", async () => {
  for (const text of ["x+".repeat(500_000), "(".repeat(100_000), "-".repeat(50_000), "sin(".repeat(30_000)]) {
    const { code, stdout, stderr } = await runWith(["integrate", "--", text, "0", "1"], realLibrary);
    assert.equal([code, stdout], [2, ""]);
    assert.ok(stderr.length < 1000, "expected an excerpt, not the whole text");
    assert.match(stderr, /\n +\^+\n$/);
  }
});

/** The library's own refusal; undefined for a right text. */
async function refusalOf(text: string): Promise<ExpressionError | undefined> {
  const error = await realLibrary
    .integrate(text, 0, 1, { points: 10, signal: AbortSignal.abort() })
    .catch((reason: unknown) => reason);
  return error instanceof ExpressionError ? error : undefined;
}

/** mulberry32: a small generator whose seed is printed when something fails. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test.run();
