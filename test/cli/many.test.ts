/** Sweeps over a parameter on the command line. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ManyResult } from "../../ts/many-types.js";
import { realLibrary } from "./real.js";
import { type FakeLibrary, type ManyCall, makeLibrary, makeManyResult, makeWorld, runWith } from "./world.js";

const SWEEP = ["--sweep-param", "s=1:2:2"] as const;

function answering(fields: Partial<ManyResult>): FakeLibrary {
  const library = makeLibrary({}, { evaluate: realLibrary.evaluate });
  return { ...library, many: async (...call) => ({ ...(await library.many(...call)), ...fields }) };
}

test("passes values, bounds that use the parameter, and options on", async () => {
  const library = makeLibrary({}, { evaluate: realLibrary.evaluate });
  const argv = [
    ..."exp(-a*s*t) 2*s inf --sweep-param s=0:1:5 --param a=1/4 --variable t --tolerance 1e-8 --effort fast".split(" "),
    ..."--rule tanh-sinh --threads 3 --break 0.5 --scale 2 --max-evaluations 1e4 --csv a.csv".split(" "),
  ];
  assert.is((await runWith(["integrate", ...argv], library)).code, 3);
  assert.equal(library.log, ["many"]);
  const { f, a, b, options } = library.manyCalls[0] as ManyCall;
  assert.equal([f, a, b], ["exp(-a*s*t)", Float64Array.of(0, 0.5, 1, 1.5, 2), Number.POSITIVE_INFINITY]);
  const { signal, onProgress, parameters, ...rest } = options;
  assert.equal({ ...parameters }, { a: 0.25, s: Float64Array.of(0, 0.25, 0.5, 0.75, 1) });
  assert.equal(rest, {
    relativeTolerance: 1e-8,
    effort: "fast",
    rule: "tanh-sinh",
    threads: 3,
    breakPoints: [0.5],
    scale: 2,
    maximumEvaluations: 1e4,
    variable: "t",
    relaxed: false,
  });
});

test("values are at equal distances, and hit both ends", async () => {
  for (const [text, expected] of [
    ["s=1:1:1", [1]],
    ["s=3:4:1", [3]],
    ["s=-pi:pi:2", [-Math.PI, Math.PI]],
    ["s=1:0:3", [1, 0.5, 0]],
    ["s=0:1e-3:2^2", [0, 1e-3 / 3, 2e-3 / 3, 1e-3]],
  ] as const) {
    const library = makeLibrary({}, { evaluate: realLibrary.evaluate });
    await runWith(["integrate", "s", "--sweep-param", text], library);
    const found = library.manyCalls[0]?.options.parameters?.s as Float64Array;
    assert.is(found.length, expected.length);
    assert.ok(
      expected.every((value, i) => Math.abs((found[i] as number) - value) <= 1e-18),
      text,
    );
  }
});

test("prints the table, or writes it and says what came of it", async () => {
  const table = "s,value,error,status\n1,1.5,1e-12,converged\n2,NaN,Infinity,divergent\n";
  const plain = await runWith(["integrate", "s", ...SWEEP]);
  assert.equal([plain.code, plain.stdout, plain.stderr], [3, table, ""]);
  const world = makeWorld();
  const written = await runWith(["integrate", "s", ...SWEEP, "--csv", "s.csv"], makeLibrary(), world);
  assert.is(world.files.get("s.csv"), table);
  assert.is(
    written.stdout,
    `Numerical solution with tolerance=1e-10 for 2 values of s from 1 to 2

status    1 converged, 1 divergent
error     infinity at most
rule      gauss-kronrod
work      2000 evaluations, 1000 for an integral
threads   2
time      4.00 ms, of it startup 0.25 ms; 2000 microseconds for an integral
csv       s.csv
`,
  );
  const good = { ...makeManyResult().counts, converged: 2, divergent: 0 };
  const fine = await runWith(
    ["integrate", "s", ...SWEEP, "--csv", "s.csv"],
    answering({ counts: good, restarts: 1, relaxed: true }),
  );
  assert.is(fine.code, 0);
  assert.match(fine.stdout, "\nstatus     2 converged\n");
  assert.match(fine.stdout, /\nrelaxed {4}operations were fused[^\n]*\nrestarts {3}1 pieces/);
});

test("prints JSON: parameters beside values, statuses by name", async () => {
  const read = JSON.parse((await runWith(["integrate", "s", ...SWEEP, "--json"])).stdout);
  const { parameter, parameters, values, errors, statuses } = read;
  assert.equal([parameter, parameters, values], ["s", [1, 2], [1.5, "NaN"]]);
  assert.equal(
    [errors, statuses],
    [
      [1e-12, "Infinity"],
      ["converged", "divergent"],
    ],
  );
  const fields = [...Object.keys(makeManyResult()), "parameter", "parameters"];
  assert.equal(Object.keys(read).sort(), fields.sort());
});

test("shows a bar while it computes, and wipes it out", async () => {
  const world = makeWorld(80);
  await runWith(["integrate", "s", ...SWEEP, "--progress"], makeLibrary(), world);
  assert.match(world.stderr(), /^\r█+.* 50 %/);
  assert.match(world.stderr(), /\r +\r$/);
});

test("refuses wrong usage with 2, and computes nothing", async () => {
  for (const [argv, expected] of [
    [["s", "--sweep-param", "s"], "--sweep-param must be a name and its value such as s=0.5:10:1000"],
    [["s", "--sweep-param", "s=1:2"], "--sweep-param must be a name, two finite ends and a number of values"],
    [["s", "--sweep-param", "s=1:2:0"], "--sweep-param must be a name, two finite ends"],
    [["s", "--sweep-param", "s=1:2:2.5"], "--sweep-param must be a name, two finite ends"],
    [["s", "--sweep-param", "s=1:inf:3"], "--sweep-param must be a name, two finite ends"],
    [["s", "--sweep-param", "s=1:y:3"], "--sweep-param: unknown name `y`"],
    [["s", ...SWEEP, "--sweep-param", "t=1:2:2"], "--sweep-param must be given once"],
    [["s", ...SWEEP, "--param", "s=1"], "expected s from --sweep-param or from --param, got both"],
    [["y", ...SWEEP], "unknown name `y`"],
    [["s", "0", "y", ...SWEEP], "unknown name `y`"],
    [["s", ...SWEEP, "--points", "5"], "expected no --points beside --sweep-param"],
    [["s", ...SWEEP, "--var", "x=0:1"], "expected no --var beside --sweep-param"],
    [["s", ...SWEEP, "--segments"], "expected no --segments beside --sweep-param"],
    [["s", ...SWEEP, "--plot", "a.svg"], "expected no --plot beside --sweep-param"],
    [["s", ...SWEEP, "--pv", "1"], "expected no --pv beside --sweep-param"],
    [["s", ...SWEEP, "--max-time", "1s"], "expected no --max-time beside --sweep-param"],
    [["s", ...SWEEP, "--tolerance", "-1"], "--tolerance must be"],
    [["x", "--csv", "a.csv"], "expected --sweep-param beside --csv"],
  ] as const) {
    const { code, stdout, stderr } = await runWith(["integrate", ...argv], realLibrary);
    assert.equal([code, stdout], [2, ""], `${argv.join(" ")}: ${stdout}${stderr}`);
    assert.ok(stderr.startsWith("heddle: ") && stderr.includes(expected), `${argv.join(" ")}: ${stderr}`);
  }
  const lost = await runWith(["integrate", "s", ...SWEEP, "--csv", "missing/a.csv"]);
  assert.equal([lost.code, lost.stdout], [1, ""]);
});

test("the real thing", async () => {
  const argv = ["integrate", "x^(s-1)*exp(-x)", "0", "inf", "--sweep-param", "s=1:6:6", "--json"];
  const { code, stdout } = await runWith(argv, realLibrary);
  assert.is(code, 0);
  const { values } = JSON.parse(stdout) as { values: number[] };
  assert.ok([1, 1, 2, 6, 24, 120].every((value, i) => Math.abs((values[i] as number) / value - 1) < 1e-12));
});

test.run();
