/** Integrals to a tolerance on the command line: what asks for one, what is passed on, what is printed. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ToleranceResult } from "../../ts/types.js";
import { realLibrary } from "./real.js";
import { type FakeLibrary, makeLibrary, makeToleranceResult, makeWorld, runWith, type ToleranceCall } from "./world.js";

function answering(fields: Partial<ToleranceResult>): FakeLibrary {
  const library = makeLibrary();
  return { ...library, toTolerance: async (...call) => ({ ...(await library.toTolerance(...call)), ...fields }) };
}

test("what makes no sense for panels asks for a tolerance, and nothing else does", async () => {
  for (const argv of [
    ["--tolerance", "1e-9"],
    ["--absolute-tolerance=1e-9"],
    ["--effort", "fast"],
    ["--max-evaluations", "1e7"],
    ["--max-time", "5s"],
    ["--break", "0.5"],
    ["--pv", "0.5"],
    ["--scale", "2"],
    ["--center", "-2"],
    ["--segments"],
    ["--rule", "auto"],
    ["--rule", "gauss-kronrod"],
    ["--rule", "tanh-sinh"],
    ["x", "0", "inf"],
    ["x", "-inf", "1"],
    ["x", "-Infinity", "1"],
    ["x", "0", "2*inf"],
  ]) {
    const library = makeLibrary({}, { evaluate: realLibrary.evaluate });
    assert.is((await runWith(["integrate", ...argv], library)).code, 0, argv.join(" "));
    assert.equal(library.log, ["to a tolerance"], argv.join(" "));
  }
  const library = makeLibrary();
  await runWith(["integrate", "x", "0", "1"], library);
  assert.equal(library.log, ["start 2", "integrate 2"]);
});

test("passes everything on", async () => {
  const library = makeLibrary({}, { evaluate: realLibrary.evaluate });
  const argv = [
    ..."exp(-a*t^2) -inf 2*inf --tolerance 2^-30 --absolute-tolerance 1e-12 --effort careful".split(" "),
    ..."--max-evaluations 1_000_000 --max-time 1.5min --break 0.5,pi/4 --break -1,atan2(1,2) --pv 0.3,-pi/2 --scale 1/2 --center -1".split(
      " ",
    ),
    ..."--rule gauss-kronrod --param a=1/4 --variable t --segments".split(" "),
  ];
  assert.is((await runWith(["integrate", ...argv], library)).code, 0);
  const { f, a, b, options } = library.toToleranceCalls[0] as ToleranceCall;
  assert.equal([f, a, b], ["exp(-a*t^2)", Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  const { signal, onProgress, parameters, ...rest } = options;
  assert.equal({ ...parameters }, { a: 0.25 });
  assert.equal(rest, {
    relativeTolerance: 2 ** -30,
    absoluteTolerance: 1e-12,
    maximumEvaluations: 1e6,
    maximumTime: 90_000,
    scale: 0.5,
    center: -1,
    effort: "careful",
    rule: "gauss-kronrod",
    principalValue: [0.3, -Math.PI / 2],
    breakPoints: [0.5, Math.PI / 4, -1, Math.atan2(1, 2)],
    variable: "t",
    relaxed: false,
    segments: true,
  });
});

test("leaves to the library what was not typed", async () => {
  const library = makeLibrary();
  await runWith(["integrate", "--rule", "auto"], library);
  const { f, a, b, options } = library.toToleranceCalls[0] as ToleranceCall;
  assert.equal([f, a, b], ["x^2", 0, 10]);
  const { signal, onProgress, parameters, ...rest } = options;
  assert.equal(rest, { rule: "auto", variable: "x", relaxed: false, segments: false });
});

test("times have units", async () => {
  for (const [text, milliseconds] of [
    ["250", 250],
    ["250ms", 250],
    ["2s", 2000],
    ["0.5 min", 30_000],
    ["1e3ms", 1000],
    ["(1+1)s", 2000],
  ] as const) {
    const library = makeLibrary({}, { evaluate: realLibrary.evaluate });
    await runWith(["integrate", "--max-time", text], library);
    assert.is(library.toToleranceCalls[0]?.options.maximumTime, milliseconds, text);
  }
});

test("prints value, status, rule, work and time", async () => {
  const { code, stdout, stderr } = await runWith(["integrate", "--tolerance", "1e-8"]);
  assert.equal([code, stderr], [0, ""]);
  assert.is(
    stdout,
    `Numerical solution with tolerance=1e-8 : 1.500000

value    1.5, estimated error 1.0e-12
status   converged: the estimate of the error is within the tolerance
rule     gauss-kronrod
work     1344 evaluations, 64 panels, 1 round
time     0.50 ms, of it startup 0.25 ms
`,
  );
  const both = await runWith(
    ["integrate", "--absolute-tolerance", "1e-6", "--relaxed"],
    answering({ relaxed: true, threads: 2 }),
  );
  assert.match(both.stdout, /^Numerical solution with tolerance=1e-10 or 1e-6 absolutely : 1\.500000\n/);
  assert.match(both.stdout, /\nthreads {3}2\n[\s\S]*\nrelaxed {3}operations were fused/);
});

test("what did not converge is printed with what is known, and exits with 3", async () => {
  const fields: Partial<ToleranceResult> = {
    status: "tolerance-not-reached",
    reason: "what keeps the error stands at a point; pass it as one of `breakPoints`",
    suspects: [
      { x: [0.25, 1 / 3], error: 1e-5 },
      { x: [-1e-9, 0], error: 2e-7 },
    ],
    nonFinite: { count: 3, x: 0.5 },
  };
  const { code, stdout } = await runWith(["integrate", "--tolerance", "1e-8"], answering(fields));
  assert.is(code, 3);
  assert.match(stdout, "\nvalue        1.5, estimated error");
  assert.match(
    stdout,
    "\nstatus       tolerance-not-reached: what keeps the error stands at a point; pass it by --break\n",
  );
  assert.match(
    stdout,
    "\nsuspects     error 1.0e-5 from 0.25 to 0.33333333\n             error 2.0e-7 from -1.0000000e-9 to 0\n",
  );
  assert.match(stdout, "\nnot finite   3 times, first at 0.5; taken as 0 there\n");
  const lost = { status: "divergent", value: Number.NaN, error: Number.POSITIVE_INFINITY } as const;
  const divergent = await runWith(["integrate", "--tolerance", "1e-8"], answering(lost));
  assert.is(divergent.code, 3);
  assert.match(divergent.stdout, /^Numerical solution with tolerance=1e-8 : NaN\n\nstatus /);
});

test("prints JSON alone, segments where they were asked for", async () => {
  const segments = {
    lo: Float64Array.of(Number.NEGATIVE_INFINITY, 0),
    hi: Float64Array.of(0, 1),
    value: Float64Array.of(1, 0.5),
    error: Float64Array.of(0, 1e-17),
  };
  const suspects = [{ x: [0, 1], error: 1e-17 }] as const;
  const library = answering({ segments, suspects, value: -0 });
  const plain = await runWith(["integrate", "--tolerance", "1e-8", "--json"], library);
  assert.is(plain.code, 0);
  const read = JSON.parse(plain.stdout);
  assert.ok(Object.is(read.value, -0));
  assert.equal(Object.keys(read).sort(), Object.keys(makeToleranceResult()).sort());
  assert.equal(read.suspects, [{ x: [0, 1], error: 1e-17 }]);
  const whole = JSON.parse((await runWith(["integrate", "--segments", "--json"], library)).stdout);
  assert.equal(whole.segments, { lo: ["-Infinity", 0], hi: [0, 1], value: [1, 0.5], error: [0, 1e-17] });
});

test("shows how the range was cut, and draws it", async () => {
  const library = { ...realLibrary };
  const world = makeWorld(70);
  const argv = ["integrate", "1/(1e-6+(x-0.5)^2)", "0", "1", "--segments", "--no-progress", "--plot", "a.svg"];
  const { code, stdout } = await runWith(argv, library, world);
  assert.is(code, 0);
  assert.match(stdout, /\nplot {5}a\.svg\n\n +\S+ ┤/);
  assert.match(stdout, /\n {3}cut finer │ *█/);
  const picture = world.files.get("a.svg") ?? "";
  assert.match(picture, "1/(1e-6+(x-0.5)^2) from 0 to 1");
  assert.match(picture, "converged: 3137.592659, estimated error");
  await runWith(["integrate", "exp(-x^2)", "-inf", "inf", "--plot", "b.svg"], library, world);
  assert.match(world.files.get("b.svg") ?? "", /exp\(-x\^2\) from -2\.\d+ to 2\.\d+/);
});

test("shows rounds while it computes, and wipes them out", async () => {
  const world = makeWorld(80);
  await runWith(["integrate", "--tolerance", "1e-8", "--progress"], makeLibrary(), world);
  const line = "round 1   1.400000   error 0.1   1000 evaluations";
  assert.is(world.stderr(), `\r${line}\r${" ".repeat(line.length + 2)}\r`);
});

test("refuses wrong usage with 2, says it in the terminal's words, and computes nothing", async () => {
  for (const [argv, expected] of [
    [["--tolerance", "-1"], "--tolerance must be a number from 0 up, got -1"],
    [["--tolerance", "x"], "--tolerance: expected a constant"],
    [["--absolute-tolerance", "inf"], "--absolute-tolerance must be"],
    [["--max-evaluations", "0"], "--max-evaluations must be"],
    [["--max-time", "-5s"], "--max-time must be"],
    [["--max-time", "soon"], "--max-time: "],
    [["--effort", "huge"], '--effort must be "fast", "normal"'],
    [["--scale", "0"], "--scale must be a positive number"],
    [["--scale", "1", "--scale", "2"], "--scale must be given once"],
    [["--center", "inf"], "--center must be a finite number"],
    [["--break", "1,,2"], "--break: "],
    [["--break", "0/0"], "--break must be"],
    [
      ["--rule", "simpson", "--tolerance", "1e-3"],
      "--rule must be one of auto, gauss-kronrod, tanh-sinh to a tolerance",
    ],
    [["x", "0", "1", "--pv", "1"], "--pv"],
    [["x", "0", "1", "--pv", "y"], "--pv: "],
    [["--rule", "simpsons", "--tolerance", "1e-3"], "--rule must be one of left, right"],
    [["--points", "5", "--tolerance", "1e-3"], "expected no --points beside --tolerance"],
    [["x", "0", "inf", "--points", "5"], "expected no --points beside an infinite bound"],
    [["--sweep", "1,2", "--segments"], "expected no --sweep beside --segments"],
    [["y", "0", "inf"], "unknown name `y`"],
    [["--segments", "--plot", "a.png"], "--plot must be the name of an SVG file"],
  ] as const) {
    const { code, stdout, stderr } = await runWith(["integrate", ...argv], realLibrary);
    assert.equal([code, stdout], [2, ""], argv.join(" "));
    assert.ok(stderr.startsWith("heddle: ") && stderr.includes(expected), `${argv.join(" ")}: ${stderr}`);
  }
});

test("the bounds and the value of the real thing", async () => {
  const { code, stdout } = await runWith(["integrate", "exp(-x^2)", "-inf", "inf", "--json"], realLibrary);
  assert.is(code, 0);
  const { value, status } = JSON.parse(stdout);
  assert.is(status, "converged");
  assert.ok(Math.abs(value - Math.sqrt(Math.PI)) < 1e-14);
  assert.is((await runWith(["integrate", "1/x", "0", "1", "--rule", "auto"], realLibrary)).code, 3);
  const principal = await runWith(["integrate", "1/(x-0.3)", "0", "1", "--pv", "0.3", "--json"], realLibrary);
  assert.ok(Math.abs(JSON.parse(principal.stdout).value - Math.log(7 / 3)) < 1e-14);
});

test.run();
