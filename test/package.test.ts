import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;

/** A project that uses the package as npm would install it: the unpacked tarball, and its dependencies beside it. */
let project = "";
/** What `npm pack` put into the tarball. */
let packed: string[] = [];

test.before(() => {
  project = mkdtempSync(join(tmpdir(), "heddle-package-"));
  const pack = run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--loglevel=error", "--pack-destination", project],
    process.cwd(),
  );
  const [{ filename, files }] = JSON.parse(pack) as [{ filename: string; files: { path: string }[] }];
  packed = files.map(({ path }) => path);
  const home = join(project, "node_modules", "heddle");
  mkdirSync(home, { recursive: true });
  run("tar", ["-xzf", join(project, filename), "--strip-components=1", "-C", home], project);
  for (const name of Object.keys(manifest.dependencies)) {
    symlinkSync(join(process.cwd(), "node_modules", name), join(project, "node_modules", name), "junction");
  }
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
});

test.after(() => rmSync(project, { recursive: true, force: true }));

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${error?.message ?? stderr}`);
  return stdout;
}

/** Every path that a value of "exports" names, whatever the conditions. */
function targets(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(targets) : [];
}

test("holds every file that its manifest names", () => {
  const named = [...targets(manifest.exports), ...Object.values(manifest.bin)];
  assert.ok(named.length > 4);
  const missing = named.filter((path) => !packed.includes(path.replace("./", "")));
  assert.equal(missing, []);
});

test("holds the workers beside the library, the modules, and their source", () => {
  for (const path of [
    ...[
      "worker.node.cjs",
      "supervisor.node.cjs",
      "worker.browser.js",
      "wasi-program.js",
      "core.wasm",
      "drivers.wasm",
      "math.wasm",
    ].map((name) => `build/${name}`),
    "assembly/core.ts",
    "assembly/memory/layout.ts",
  ]) {
    assert.ok(packed.includes(path), path);
  }
});

test("holds no tests, no tools, nothing half built", () => {
  const strange = packed.filter((path) =>
    /^(test|bench|scripts|ts|docs)\/|^build\/(test|debug|bench|\.|chromium)/.test(path),
  );
  assert.equal(strange, []);
});

test("integrates in Node, in a project of its own", () => {
  writeFileSync(
    join(project, "main.js"),
    'import { integrate } from "heddle";\n' +
      'const { value, mode } = await integrate("x^2", 0, 10, { points: 1_000_000, threads: 2 });\n' +
      "console.log(value.toFixed(6), mode);\n",
  );
  assert.is(run(process.execPath, ["main.js"], project).trim(), "333.333333 threads");
});

test("runs programs by a door of its own, which nothing else loads", () => {
  // (module (func (export "_start")))
  writeFileSync(
    join(project, "nothing.wasm"),
    Buffer.from("AGFzbQEAAAABBAFgAAADAgEABwoBBl9zdGFydAAACgQBAgAL", "base64"),
  );
  writeFileSync(
    join(project, "program.js"),
    'import { run } from "heddle/wasi";\n' +
      'console.log((await run(new URL("./nothing.wasm", import.meta.url))).exitCode);\n',
  );
  assert.is(run(process.execPath, ["program.js"], project).trim(), "0");
  const withShim = packed.filter(
    (path) =>
      path.endsWith(".js") && readFileSync(join(project, "node_modules/heddle", path), "utf8").includes("fd_prestat"),
  );
  assert.equal(withShim, ["build/wasi-program.js"]);
});

test("its classes have their names, in stack traces too, in every bundle", () => {
  writeFileSync(
    join(project, "names.js"),
    'import * as heddle from "heddle";\n' +
      "for (const [name, value] of Object.entries(heddle))\n" +
      '  if (typeof value === "function" && /^[A-Z]/.test(name) && value.name !== name) console.log(name, "is", value.name);\n' +
      "try { new heddle.Queue().getNowait(); } catch ({ stack }) { console.log(/at \\S*getNowait/.exec(stack)[0]); }\n",
  );
  assert.is(run(process.execPath, ["names.js"], project).trim(), "JoinableQueue is Queue\nat Queue.getNowait");
  // esbuild gives a class that names itself in its own body a second name, and that is the one which shows.
  // The shim's own classes are seen by nobody.
  for (const path of packed.filter((path) => path.endsWith(".js") && path !== "build/wasi-program.js")) {
    const text = readFileSync(join(project, "node_modules", "heddle", path), "utf8");
    assert.not.match(text, /\bclass _\w+/, path);
  }
});

test("the command runs from the package", () => {
  const command = join(project, "node_modules", "heddle", manifest.bin.heddle ?? "");
  const output = run(process.execPath, [command, "integrate", "x^2", "0", "10", "--points", "1000000"], project);
  assert.match(output, "Numerical solution with N=1000000 : 333.333333");
});

test("its declarations say what it exports", () => {
  const uses = readFileSync("test/types/uses.ts", "utf8").replace("../../ts/index.js", "heddle");
  writeFileSync(join(project, "uses.ts"), uses);
  writeFileSync(
    join(project, "main.ts"),
    'import { integrate } from "heddle";\n' +
      'const result = await integrate("x^2", 0, 10, { points: 100 });\n' +
      "export const value: number = result.value;\n" +
      "// @ts-expect-error a value is a number\n" +
      "export const text: string = result.value;\n" +
      'import { run } from "heddle/wasi";\n' +
      'const done = await run(new URL("file:///a.wasm"), { args: ["-n"], timeout: 100 });\n' +
      "export const code: number = done.trap === null ? done.exitCode : done.trap.message.length;\n" +
      "export const output: string = done.stdout;\n" +
      'export const bytes: Uint8Array = (await run("file:///a.wasm", { text: false })).stdout;\n' +
      "// @ts-expect-error a program that has trapped has no exit code\n" +
      "export const wrong: number = done.exitCode;\n",
  );
  const compiler = join(process.cwd(), "node_modules/typescript/bin/tsc");
  const options = [
    "--noEmit",
    "--strict",
    "--target",
    "es2022",
    "--lib",
    "es2023,dom,esnext.disposable",
    "--types",
    "",
  ];
  for (const resolution of [
    ["--module", "nodenext"],
    ["--module", "esnext", "--moduleResolution", "bundler"],
  ]) {
    run(process.execPath, [compiler, ...options, ...resolution, "main.ts", "uses.ts"], project);
  }
});

test("is bundled for a page without a Node module in it", async () => {
  const { build } = await import("esbuild");
  const { metafile } = await build({
    stdin: { contents: 'export { integrate } from "heddle"; export { run } from "heddle/wasi";', resolveDir: project },
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    logLevel: "silent",
  });
  const inputs = Object.keys(metafile.inputs);
  assert.ok(inputs.some((path) => path.endsWith("build/browser.js")));
  assert.not(inputs.some((path) => /build\/(.*\.?node|wasi-program)\.js$/.test(path)));
});

test.run();
