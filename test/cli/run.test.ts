import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Interruption } from "../../ts/cli/failures.js";
import { OutOfMemoryError, WorkerError } from "../../ts/errors.js";
import { realLibrary } from "./real.js";
import { makeLibrary, makeWorld, runWith } from "./world.js";

test("integrates x^2 from 0 to 10 with 10^8 panels on all cores", async () => {
  const library = makeLibrary();
  const { code, stdout, stderr } = await runWith(["integrate"], library);
  assert.is(code, 0);
  assert.is(stdout.split("\n")[0], "Numerical solution with N=100000000 : 333.333333");
  assert.is(stderr, "");
  assert.equal(library.log, ["start 2", "integrate 2"]);
  const { f, a, b, options } = library.calls[0] as (typeof library.calls)[number];
  assert.equal([f, a, b], ["x^2", 0, 10]);
  assert.equal([options.points, options.rule, options.threads, options.variable], [1e8, "midpoint", 2, "x"]);
});

test("passes everything on", async () => {
  const library = makeLibrary({}, { evaluate: realLibrary.evaluate });
  const argv = [
    "-a*t^2",
    "-1",
    "-pi/2",
    "--points",
    "1_000",
    "--rule=gauss:5",
    "--threads",
    "2^2",
    "--param",
    "a=-2",
    "--param=b=1/4",
    "--variable",
    "t",
  ];
  const { code } = await runWith(["integrate", ...argv], library);
  assert.is(code, 0);
  const { f, a, b, options } = library.calls[0] as (typeof library.calls)[number];
  assert.equal([f, a, b], ["-a*t^2", -1, -Math.PI / 2]);
  assert.equal({ ...options.parameters }, { a: -2, b: 0.25 });
  assert.equal([options.points, options.threads, options.variable], [1000, 4, "t"]);
  assert.equal(options.rule, { gauss: 5 });
});

test("takes a minus anywhere, and options in any order", async () => {
  for (const argv of [
    ["-x^2", "-10", "-1", "--points", "3"],
    ["--points", "3", "-x^2", "-10", "-1"],
    ["-x^2", "--points=3", "-10", "-1"],
    ["--points", "3", "--", "-x^2", "-10", "-1"],
  ]) {
    const library = makeLibrary();
    assert.is((await runWith(["integrate", ...argv], library)).code, 0);
    assert.equal([library.calls[0]?.f, library.calls[0]?.a, library.calls[0]?.b], ["-x^2", -10, -1]);
  }
  const library = makeLibrary();
  await runWith(["integrate", "--points", "3", "--", "--x", "0", "1"], library);
  assert.is(library.calls[0]?.f, "--x");
});

test("prints JSON alone, every field by its name, every bit of the numbers", async () => {
  const { code, stdout, stderr } = await runWith(
    ["integrate", "--json"],
    makeLibrary({ value: -0, error: Number.POSITIVE_INFINITY }),
  );
  assert.is(code, 0);
  assert.is(stderr, "");
  const read = JSON.parse(stdout);
  assert.ok(Object.is(read.value, -0));
  assert.is(read.error, "Infinity");
  const { integrate } = makeLibrary();
  assert.equal(Object.keys(read), Object.keys(await integrate("x", 0, 1, { points: 1 })));
});

test("prints a result without a finite value, and exits with 3", async () => {
  const fields = {
    value: Number.NaN,
    status: "not-finite",
    reason: "f(x) was not finite once, at x = 0",
    nonFinite: { count: 1, x: 0 },
  } as const;
  const text = await runWith(["integrate"], makeLibrary(fields));
  assert.is(text.code, 3);
  assert.match(text.stdout, "at x = 0");
  const json = await runWith(["integrate", "--json"], makeLibrary(fields));
  assert.is(json.code, 3);
  assert.equal(JSON.parse(json.stdout).nonFinite, { count: 1, x: 0 });
  assert.is(JSON.parse(json.stdout).value, "NaN");
  assert.is((await runWith(["integrate", "--sweep", "1,2"], makeLibrary(fields))).code, 3);
});

test("sweeps: warm, three rounds, each count once", async () => {
  const library = makeLibrary();
  const { code, stdout } = await runWith(["integrate", "--sweep", "1,2,4,2"], library);
  assert.is(code, 0);
  const round = ["integrate 1", "integrate 2", "integrate 4"];
  assert.equal(library.log, ["start 4", "integrate 4", ...round, ...round, ...round]);
  assert.match(stdout, /^ +4 +3\.00 ms +4\.00 +100 % +█+ {2}fastest$/m);
  const json = JSON.parse((await runWith(["integrate", "--sweep", "1,2", "--json"])).stdout);
  assert.equal(
    json.map(({ threads, elapsed, speedup, efficiency, fastest }: Record<string, unknown>) => [
      threads,
      elapsed,
      speedup,
      efficiency,
      fastest,
    ]),
    [
      [1, 12, 1, 1, false],
      [2, 6, 2, 1, true],
    ],
  );
  assert.is(json[0].result.threads, 1);
});

test("refuses wrong usage with 2, says it on standard error alone, and starts nothing", async () => {
  const library = { ...realLibrary, start: () => Promise.reject(new Error("expected no start")) };
  for (const [argv, expected] of [
    [["integrate", "--pints", "5"], "did you mean --points?"],
    [["integrate", "--jsn"], "did you mean --json?"],
    [["integrate", "--nonsense"], "see heddle integrate --help"],
    [["integrate", "--x"], "after a -- of its own"],
    [["integrat"], "did you mean integrate?"],
    [["-x^2"], "unknown command '-x^2'; see heddle --help"],
    [["integrate", "x", "^", "2", "0", "1"], "needs quotes"],
    [["integrate", "--points"], "'--points <N>' argument missing"],
    [["integrate", "--points", "-5"], "--points must be an integer from 1 to 2^52, got -5"],
    [["integrate", "--points", "0.5"], "got 0.5"],
    [["integrate", "--points", "many"], "--points: unknown name `many`"],
    [["integrate", "--rule", "simson"], "--rule must be one of left, right, midpoint"],
    [["integrate", "--threads", "0"], "--threads must be an integer from 1 to 255, got 0"],
    [["integrate", "--threads", "256"], "got 256"],
    [["integrate", "--sweep", "1,2", "--threads", "2"], "cannot be used with"],
    [["integrate", "--sweep", "1,,2"], "--sweep must be numbers of threads"],
    [["integrate", "--sweep", "0"], "--sweep must be numbers of threads"],
    [["integrate", "--sweep", "-1"], "--sweep must be numbers of threads"],
    [["integrate", "--plot", "a.png"], "--plot must be the name of an SVG file"],
    [["integrate", "--param", "a"], "--param must be a name and its value"],
    [["integrate", "--param", "=1"], "--param must be a name and its value"],
    [["integrate", "--param", "a=1", "--param", "a=2"], "got a twice"],
    [["integrate", "--param", "a=x"], "the parameter a: expected a constant"],
    [["integrate", "--param", "e=1"], "`e`"],
    [["integrate", "--variable", "2"], 'got "2"'],
    [
      ["integrate", "x^2", "0", "x"],
      "the upper bound: expected a constant such as 10, pi/2 or -1e3, got the variable `x`\n  x\n  ^\n",
    ],
    [["integrate", "x^2", "1/", "1"], "the lower bound: "],
    [["integrate", "x^2", "0", "inf", "--points", "5"], "expected no --points beside an infinite bound"],
    [["integrate", "x^2", "-inf", "0", "--sweep", "1,2"], "expected no --sweep beside an infinite bound"],
    [["integrate", "x^2", "0/0", "0"], "`a` must be a finite number, got NaN"],
    [["integrate", "a*x"], "`--param a=…`\n  a*x\n  ^\n"],
    [["integrate", "sin(x"], "\n  sin(x\n       ^\n"],
    [["integrate", ""], "got an empty text"],
  ] as const) {
    const { code, stdout, stderr } = await runWith(argv, library);
    assert.is(code, 2, `${argv.join(" ")}: ${stderr}`);
    assert.is(stdout, "", argv.join(" "));
    assert.ok(stderr.startsWith("heddle: ") && stderr.endsWith("\n"), stderr);
    assert.ok(stderr.includes(expected), `${stderr} lacks ${expected}`);
    assert.not.match(stderr, /\uE000| {4}at /);
  }
});

test("prints help and version on standard output", async () => {
  for (const argv of [[], ["--help"], ["-h"]]) {
    const { code, stdout, stderr } = await runWith(argv);
    assert.equal([code, stderr], [0, ""]);
    assert.match(stdout, "integrate [options] [EXPRESSION [A [B]]]");
  }
  for (const argv of [
    ["integrate", "--help"],
    ["integrate", "-h"],
  ]) {
    const { code, stdout } = await runWith(argv);
    assert.is(code, 0);
    for (const option of [
      "points",
      "rule",
      "threads",
      "param",
      "variable",
      "json",
      "sweep",
      "plot",
      "progress",
      "no-progress",
      "version",
    ]) {
      assert.match(stdout, `--${option}`);
    }
    for (const line of stdout.split("\n")) assert.ok(line.length <= 100, line);
  }
  for (const argv of [["--version"], ["-V"], ["integrate", "--version"]]) {
    assert.match((await runWith(argv)).stdout, /^\d+\.\d+\.\d+\n$/);
  }
});

test("documents the options that it has", async () => {
  const optionsIn = (text: string): string[] => [...new Set(text.match(/--[a-z][a-z-]+/g))].sort();
  const { stdout } = await runWith(["integrate", "--help"]);
  const document = readFileSync("docs/cli.md", "utf8").replaceAll("--pints", "");
  assert.equal(optionsIn(document), optionsIn(stdout));
});

test("offers examples that are right", async () => {
  const { stdout } = await runWith(["integrate", "--help"]);
  const examples = [...stdout.matchAll(/^ {2}heddle (integrate.*?)(?: {3,}.*)?$/gm)].map(([, line = ""]) => line);
  assert.ok(examples.length >= 5);
  for (const example of examples) {
    const argv = [...example.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
    const library = makeLibrary({}, { evaluate: realLibrary.evaluate });
    // The arguments are checked by the library itself; only the work is left out.
    const checked: typeof library = {
      ...library,
      integrate: (f, a, b, options) => (options?.signal?.aborted ? realLibrary : library).integrate(f, a, b, options),
      many: (f, a, b, options) => (options.signal?.aborted ? realLibrary : library).many(f, a, b, options),
      several: (f, box, options) => (options.signal?.aborted ? realLibrary : library).several(f, box, options),
      toTolerance: (f, a, b, options) =>
        (options.signal?.aborted ? realLibrary : library).toTolerance(f, a, b, options),
    };
    // Of the stand-in's two integrals one diverges.
    assert.equal((await runWith(argv, checked)).code, example.includes("--sweep-param") ? 3 : 0, example);
  }
});

test("says so where threads cannot be had, and computes all the same", async () => {
  const missing = { mode: "inline", modeReason: "this page is not isolated" } as const;
  const library = makeLibrary({ threads: 1, ...missing }, { info: () => ({ ...missing, threads: 4 }) });
  const { code, stdout, stderr } = await runWith(["integrate"], library);
  assert.is(code, 0);
  assert.is(stderr, "heddle: computing on one thread: this page is not isolated\n");
  assert.match(stdout, "threads   1 of 4: this page is not isolated\n");
  assert.equal(library.log, ["integrate 4"]);
});

test("exits with 1 when no thread starts or memory is short", async () => {
  const refusing = makeLibrary({}, { start: () => Promise.reject(new WorkerError("expected a worker to start")) });
  const worker = await runWith(["integrate"], refusing);
  assert.equal([worker.code, worker.stdout, worker.stderr], [1, "", "heddle: expected a worker to start\n"]);
  const full = await runWith(
    ["integrate"],
    makeLibrary({}, { integrate: () => Promise.reject(new OutOfMemoryError(2, 1, 1)) }),
  );
  assert.is(full.code, 1);
});

test("shows a bar on a terminal, none elsewhere, and leaves no trace of it", async () => {
  const piped = await runWith(["integrate"]);
  assert.is(piped.stderr, "");
  const forced = await runWith(["integrate", "--progress"]);
  assert.match(forced.stderr, "\r████████████████████                      50 %   1.0e6/s");
  assert.match(forced.stderr, /\r +\r$/);
  const refused = await runWith(["integrate", "--no-progress"], makeLibrary(), makeWorld(80));
  assert.is(refused.stderr, "");
});

test("counts all runs of a sweep as one piece of work", async () => {
  const { stderr } = await runWith(["integrate", "--sweep", "1,2", "--progress"], makeLibrary());
  const percents = [...stderr.matchAll(/(\d+) %/g)].map(([, percent]) => Number(percent));
  assert.equal(
    percents,
    [...percents].sort((p, q) => p - q),
  );
  assert.is(percents.at(-1), 100);
});

test("stops when interrupted, whatever it is waiting for, and wipes the bar", async () => {
  const forever = new Promise<never>(() => {});
  for (const stuck of ["start", "integrate"] as const) {
    const world = makeWorld();
    const library = makeLibrary();
    const halting = {
      ...library,
      [stuck]: (...call: unknown[]) => {
        const options = call[3] as { signal?: AbortSignal; onProgress?: (progress: object) => void } | undefined;
        options?.signal?.throwIfAborted();
        options?.onProgress?.({ fraction: 0.25, evaluations: 1, evaluationsPerSecond: 1 });
        setImmediate(() => world.abort(new Interruption("SIGINT", 130)));
        return forever;
      },
    };
    // The check of the arguments comes as a call that is aborted already: that one must be let through.
    const integrate: typeof library.integrate = async (f, a, b, options) => halting.integrate(f, a, b, options);
    const { code, stdout, stderr } = await runWith(["integrate", "--progress"], { ...halting, integrate }, world);
    assert.is(code, 130);
    assert.is(stdout, "");
    assert.ok(stderr === "" || /\r +\r$/.test(stderr), JSON.stringify(stderr));
  }
});

test("draws where it is told to, and says before the work when it cannot", async () => {
  const one = await runWith(["integrate", "--plot", "a.svg", "--points", "10"]);
  assert.is(one.code, 0);
  assert.match(one.world.files.get("a.svg") ?? "", "<svg");
  assert.match(one.stdout, "a.svg");
  const many = await runWith(["integrate", "--plot", "b.svg", "--sweep", "1,2"]);
  assert.match(many.world.files.get("b.svg") ?? "", "ideal");
  const library = makeLibrary();
  const none = await runWith(["integrate", "--plot", "missing/c.svg"], library);
  assert.equal([none.code, none.stdout, library.log], [1, "", []]);
  assert.match(none.stderr, "there is no folder missing");
  const full = makeWorld();
  const io = { ...full.io, writeFile: () => Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC" })) };
  const late = await runWith(["integrate", "--plot", "d.svg"], makeLibrary(), { ...full, io });
  assert.is(late.code, 1);
  assert.match(late.stderr, "the disk is full");
});

test.run();
