import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BoxIntegral, Divergent, Integral } from "./item.js";
import { type Answer, byKind, failures, judge, score, summary } from "./score.js";

const square = (value: number, name = "square"): Integral => ({
  name,
  source: "here",
  kind: "smooth",
  text: "x^2",
  range: [0, 1],
  reference: String(value),
  value,
});
const box: BoxIntegral = {
  name: "box",
  source: "here",
  kind: "smooth",
  text: "x*y",
  ranges: {},
  reference: "2",
  value: 2,
};
const divergent: Divergent = { name: "pole", source: "here", text: "1/x", range: [0, 1], why: "a pole" };

const says = (value: number, error: number, status = "converged"): Answer => ({
  value,
  error,
  status,
  evaluations: 10,
});

test("right is near enough, in several dimensions less near", () => {
  assert.ok(judge(square(100), says(100 + 0.9e-6, 1)).isRight);
  assert.not(judge(square(100), says(100 + 1.1e-6, 1)).isRight);
  assert.ok(judge(square(-100), says(-100 - 0.9e-6, 1)).isRight);
  assert.ok(judge(box, says(2 + 1.9e-6, 1)).isRight);
  assert.not(judge(box, says(2 + 2.1e-6, 1)).isRight);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) assert.not(judge(square(1), says(value, 1)).isRight);
});

test("a small value is held to its own size, and only 0 absolutely", () => {
  assert.not(judge(square(1e-12), says(2e-12, 1)).isRight);
  assert.ok(judge(square(0), says(0.9e-8, 1)).isRight);
  assert.not(judge(square(0), says(1.1e-8, 1)).isRight);
});

test("an error is honest that is not below the true one", () => {
  assert.ok(judge(square(1), says(1.5, 0.5)).isHonest);
  assert.not(judge(square(1), says(1.5, 0.4)).isHonest);
  // 0.1 is not a tenth: the exact value may be half a unit off.
  assert.ok(judge(square(0.1), says(0.1, 0)).isHonest);
  assert.ok(judge({ ...square(1), uncertainty: 0.1 }, says(1.5, 0.4)).isHonest);
  for (const broken of [says(Number.NaN, 1), says(1, Number.NaN)]) assert.not(judge(square(1), broken).isHonest);
});

test("what is divergent must not be claimed, whatever the value", () => {
  assert.not(judge(divergent, says(0, Number.POSITIVE_INFINITY)).isRight);
  assert.ok(judge(divergent, says(0, 1, "divergent")).isRight);
});

test("everything is counted", async () => {
  const answers: Record<string, Answer> = {
    right: says(1, 1e-10),
    "right, error too small": says(1 + 1e-9, 1e-10),
    "wrong claim": says(1.1, 1e-10),
    "right, not claimed": says(1, 1e-10, "budget"),
    "not reached": says(1.1, 0.2, "budget"),
  };
  const items = Object.keys(answers).map((name) => square(1, name));
  const counted = await score([...items, divergent], (item) => answers[item.name] ?? says(5, 1));
  const { verdicts, ...counts } = counted;
  assert.is(verdicts.length, 6);
  assert.equal(counts, {
    asked: 5,
    right: 3,
    claims: 3,
    wrongClaims: 1,
    honestClaims: 1,
    divergent: 1,
    divergentClaims: 1,
    evaluations: 60,
  });
  assert.equal(
    failures(counted)
      .split("\n")
      .map((line) => line.slice(0, 30)),
    [
      "error too small right, error t",
      "WRONG CLAIM     wrong claim: c",
      "not reached     not reached: b",
      "DIVERGENT CLAIM pole: converge",
    ],
  );
  assert.is(
    summary({ someone: counted }),
    [
      "|         |  right | claims | wrong claims | honest | divergent claimed | evaluations |",
      "| ------- | -----: | -----: | -----------: | -----: | ----------------: | ----------: |",
      "| someone | 3 of 5 |      3 |            1 | 33.3 % |            1 of 1 |      6.0e+1 |",
    ].join("\n"),
  );
  assert.is(byKind({ someone: counted }).split("\n")[2], "| smooth   |     5 |       3 |");
});

test.run();
