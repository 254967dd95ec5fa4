/** Several variables on the command line: how boxes are typed, what is passed on, what is printed. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { split } from "../../ts/cli/split.js";
import type { SeveralResult } from "../../ts/several-types.js";
import { realLibrary } from "./real.js";
import { type FakeLibrary, makeLibrary, makeSeveralResult, makeWorld, runWith, type SeveralCall } from "./world.js";

function answering(fields: Partial<SeveralResult>): FakeLibrary {
  const library = makeLibrary();
  return { ...library, several: async (...call) => ({ ...(await library.several(...call)), ...fields }) };
}

test("splits at separators that stand in no parentheses", () => {
  assert.equal(split("0.3,atan2(1,2),", ","), ["0.3", "atan2(1,2)", ""]);
  assert.equal(split("(x>0?0:1):2", ":"), ["(x>0?0:1)", "2"]);
  assert.equal(split("", ":"), [""]);
});

test("passes everything on: numbers as numbers, what depends on other names as it was typed", async () => {
  const library = makeLibrary({}, { evaluate: realLibrary.evaluate });
  const argv = [
    ..."a*x*y*z --var x=0:pi/2 --var y=-sqrt(1-x^2):sqrt(1-x^2) --var z=(x>0?0:1):inf --tolerance 1e-8".split(" "),
    ..."--absolute-tolerance 1e-12 --effort careful --max-evaluations 1e8 --max-time 2s --rule vegas --seed 7".split(
      " ",
    ),
    ..."--threads 3 --break x=0.3,0.5 --break y=x/2 --scale z=2 --center z=-1 --param a=1/4 --relaxed".split(" "),
  ];
  assert.is((await runWith(["integrate", ...argv], library)).code, 0);
  assert.equal(library.log, ["several"]);
  const { f, box, options } = library.severalCalls[0] as SeveralCall;
  assert.is(f, "a*x*y*z");
  assert.equal(Object.keys(box), ["x", "y", "z"]);
  assert.equal(box, {
    x: [0, Math.PI / 2],
    y: ["-sqrt(1-x^2)", "sqrt(1-x^2)"],
    z: ["(x>0?0:1)", Number.POSITIVE_INFINITY],
  });
  const { signal, onProgress, parameters, ...rest } = options;
  assert.equal({ ...parameters }, { a: 0.25 });
  assert.equal(rest, {
    relativeTolerance: 1e-8,
    absoluteTolerance: 1e-12,
    effort: "careful",
    maximumEvaluations: 1e8,
    maximumTime: 2000,
    rule: "vegas",
    seed: 7,
    threads: 3,
    breakPoints: { x: [0.3, 0.5], y: ["x/2"] },
    scale: { z: 2 },
    center: { z: -1 },
    relaxed: true,
  });
});

test("leaves to the library what was not typed", async () => {
  const library = makeLibrary();
  await runWith(["integrate", "x", "--var", "x=0:1", "--var", "y=0:x"], library);
  const { signal, onProgress, parameters, ...rest } = (library.severalCalls[0] as SeveralCall).options;
  assert.equal(rest, { relaxed: false });
});

test("prints value, status, rule, work and time", async () => {
  const { code, stdout, stderr } = await runWith(["integrate", "x*y", "--var", "x=0:1", "--var", "y=0:1"]);
  assert.equal([code, stderr], [0, ""]);
  assert.is(
    stdout,
    `Numerical solution with tolerance=1e-6 : 0.250000

value    0.25, estimated error 1.0e-8
status   converged: the estimate of the error is within the tolerance
rule     genz-malik
work     5000 evaluations, 12 regions, 3 rounds
time     2.00 ms, of it startup 0.50 ms
`,
  );
  assert.match(
    (await runWith(["integrate", "x", "--var", "x=0:1"])).stdout,
    /^Numerical solution with tolerance=1e-10 : /,
  );
});

test("what did not converge is printed with what is known, and exits with 3", async () => {
  const fields: Partial<SeveralResult> = {
    status: "budget",
    reason: "5000 evaluations are made",
    nonFinite: { count: 2, point: { x: 0, y: 0.5 } },
    threads: 2,
  };
  const argv = ["integrate", "x*y", "--var", "x=0:1", "--var", "y=0:1"];
  const { code, stdout } = await runWith(argv, answering(fields));
  assert.is(code, 3);
  assert.match(stdout, "\nstatus       budget: 5000 evaluations are made\n");
  assert.match(stdout, "\nnot finite   2 times, first at x = 0, y = 0.5; taken as 0 there\n");
  assert.match(stdout, "\nthreads      2\n");
  const unknown = await runWith(argv, answering({ nonFinite: { count: 1, point: null } }));
  assert.match(unknown.stdout, "\nnot finite   1 time; taken as 0 there\n");
  const lost = await runWith(argv, answering({ status: "not-finite", value: Number.NaN }));
  assert.is(lost.code, 3);
  assert.match(lost.stdout, / : NaN\n\nstatus /);
});

test("prints JSON alone, and rounds while it computes", async () => {
  const argv = ["integrate", "x*y", "--var", "x=0:1", "--var", "y=0:1"];
  const { stdout } = await runWith([...argv, "--json"], answering({ nonFinite: { count: 1, point: { x: 0, y: -0 } } }));
  const read = JSON.parse(stdout);
  assert.equal(Object.keys(read).sort(), Object.keys(makeSeveralResult()).sort());
  assert.ok(Object.is(read.nonFinite.point.y, -0));
  const world = makeWorld(80);
  await runWith([...argv, "--progress"], makeLibrary(), world);
  const line = "round 1   0.200000   error 0.1   1000 evaluations";
  assert.is(world.stderr(), `\r${line}\r${" ".repeat(line.length + 2)}\r`);
});

test("refuses wrong usage with 2, and computes nothing", async () => {
  const [x, y] = [
    ["--var", "x=0:1"],
    ["--var", "y=0:1"],
  ] as const;
  for (const [argv, expected] of [
    [["x", "--var", "x"], "--var must be a name and its value such as x=0:1"],
    [["x", "--var", "x=0"], "--var must be a name and two bounds such as x=0:1"],
    [["x", "--var", "x=0:1:2"], "a `:` within a bound stands in parentheses"],
    [["x", "--var", "x=:1"], "--var must be a name and two bounds"],
    [["x", ...x, ...x], "--var must give each name once, got x twice"],
    [["y", ...x], "unknown name `y`. A parameter is passed as `--param y=…`"],
    [["x", ...x, "--var", "y=0:z"], "unknown name `z`"],
    [["x", "0", "1", ...x], "expected no bounds behind the expression beside --var"],
    [["x", ...x, "--variable", "x"], "expected no --variable beside --var"],
    [["x", ...x, "--pv", "0.5"], "expected no --pv beside --var"],
    [["x", ...x, "--segments"], "expected no --segments beside --var"],
    [["x", ...x, "--plot", "a.svg"], "expected no --plot beside --var"],
    [["x", ...x, "--points", "5"], "expected no --points beside --var"],
    [["x", ...x, "--rule", "simpson"], "--rule must be one of auto, gauss-kronrod, tanh-sinh, genz-malik"],
    [["x", ...x, ...y, "--rule", "tanh-sinh"], "--rule must be one for 2 variables"],
    [["x", ...x, "--seed", "-1"], "--seed must be a whole number"],
    [["x", ...x, "--scale", "2"], "--scale must be a name and its value such as x=2"],
    [["x", ...x, "--break", "0.5"], "--break must be a name and its value such as x=0.3,0.5"],
    [["x", ...x, "--break", "z=0.5"], "z"],
    [["x", ...x, "--tolerance", "-1"], "--tolerance must be"],
  ] as const) {
    const { code, stdout, stderr } = await runWith(["integrate", ...argv], realLibrary);
    assert.equal([code, stdout], [2, ""], `${argv.join(" ")}: ${stdout}${stderr}`);
    assert.ok(stderr.startsWith("heddle: ") && stderr.includes(expected), `${argv.join(" ")}: ${stderr}`);
  }
});

test("the real thing", async () => {
  const argv = [
    "integrate",
    "exp(-(x^2+y^2))",
    "--var",
    "x=0:1",
    "--var",
    "y=0:x",
    "--rule",
    "quasi-monte-carlo",
    "--json",
  ];
  const { code, stdout } = await runWith(argv, realLibrary);
  assert.is(code, 0);
  // Half of the square of the error function's integral.
  const half = (Math.PI / 8) * 0.8427007929497149 ** 2;
  assert.ok(Math.abs(JSON.parse(stdout).value / half - 1) < 2e-6);
});

test.run();
