/** That others.json is complete, and that the README's tables are what it says. `--verbose` prints them with what each got wrong. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BOX_INTEGRALS, DIVERGENT, INTEGRALS } from "./index.js";
import { boxScores, PROGRAMS, singleScores } from "./others.js";
import { byKind, failures, summary } from "./score.js";

test("every program answered every item of its kind", () => {
  const single = [...INTEGRALS, ...DIVERGENT].map(({ name }) => name);
  const several = BOX_INTEGRALS.map(({ name }) => name);
  const seen = new Set<string>();
  for (const [name, { answers }] of Object.entries(PROGRAMS)) {
    const names = Object.keys(answers);
    const wanted = names.includes(single[0]!) ? single : several;
    assert.equal([...names].sort(), [...wanted].sort(), `${name}: run scripts/battery/others.py`);
    seen.add(wanted === single ? "one dimension" : "several");
  }
  assert.is(seen.size, 2);
});

test("the README's tables are those of the file", async () => {
  const readme = readFileSync("test/battery/README.md", "utf8");
  const [single, several] = [await singleScores(), await boxScores()];
  const tables = [summary(single), byKind(single), summary(several), byKind(several)];
  console.log(`\n${tables.join("\n\n")}`);
  for (const [name, counted] of Object.entries({ ...single, ...several })) {
    console.log(`\n${name}: ${PROGRAMS[name]!.about}\n${failures(counted)}`);
  }
  for (const made of tables) assert.ok(readme.includes(made), `test/battery/README.md should say\n${made}`);
});

test.run();
