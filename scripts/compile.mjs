/**
 * Compiling: makes the products of products.mjs that are stale.
 *
 * The .wasm modules come first, compiled side by side; the bundles embed them; the declarations go beside the bundles.
 * Every output is written under another name and renamed, so that a reader never sees half a file.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, extname, join, relative } from "node:path";
import { note, runScript } from "./command.mjs";
import { withLock } from "./lock.mjs";
import { filesUnder, hasher, isStale, PRODUCTS, ROOT, stampPath, stampText } from "./products.mjs";

/** Where outputs lie until they are whole. Named by process: a build that died does not disturb the next. */
const SCRATCH = join(ROOT, "build", `.tmp-${process.pid}`);

/**
 * Builds what is stale. Throws with the compiler's output when something does not compile.
 *
 * @param {{ types?: boolean, force?: boolean, debug?: boolean }} [options]
 * @returns {Promise<{ built: string[], milliseconds: number }>}
 */
export async function build({ types = false, force = false, debug = false } = {}) {
  return withLock(join(ROOT, "build", ".lock"), async () => {
    const start = performance.now();
    const built = [];
    // A kind at a time, and staleness asked anew for each: a bundle depends on the modules built a moment ago.
    for (const [kind, make] of Object.entries({ wasm: makeWasm, bundle: makeBundle, types: makeTypes })) {
      if (kind === "types" && !types) continue;
      const hashOf = hasher();
      const due = PRODUCTS.filter((product) => product.kind === kind && existsSync(join(ROOT, product.entry))).filter(
        (product) => force || isStale(product, hashOf),
      );
      // All of a kind, even when one fails: the message then holds every error.
      const outcomes = await Promise.allSettled(due.map((product) => make(product)));
      const failures = outcomes
        .filter((outcome) => outcome.status === "rejected")
        .map((outcome) => outcome.reason.message);
      if (failures.length > 0) throw new Error(`heddle: the build failed\n${[...new Set(failures)].join("\n")}`);
      built.push(...due.map((product) => product.name));
    }
    if (debug) {
      const modules = PRODUCTS.filter((product) => product.kind === "wasm" && existsSync(join(ROOT, product.entry)));
      await Promise.all(modules.map(makeDebugWasm));
      built.push(...modules.map((product) => `debug/${product.name}`));
    }
    return { built, milliseconds: performance.now() - start };
  }).finally(() => rmSync(SCRATCH, { recursive: true, force: true }));
}

async function makeWasm(product) {
  const started = now();
  const scratch = join(SCRATCH, basename(product.output));
  const inputs = await compileAssembly(product.entry, scratch, product.target, []);
  install(scratch, join(ROOT, product.output));
  stamp(product, inputs, started);
}

async function makeDebugWasm(product) {
  const name = basename(product.output);
  const scratch = join(SCRATCH, "debug", name);
  const target = product.target === "release" ? "debug" : `${product.target}-debug`;
  await compileAssembly(product.entry, scratch, target, ["--sourceMap", `./${name}.map`]);
  for (const suffix of [".map", ""]) install(`${scratch}${suffix}`, join(ROOT, "build", "debug", `${name}${suffix}`));
}

/** Returns the paths that were read. */
async function compileAssembly(entry, output, target, options) {
  mkdirSync(dirname(output), { recursive: true });
  const { code, stdout, stderr } = await runScript(["scripts/compile-assembly.mjs", entry, output, target, ...options]);
  if (code !== 0) throw new Error(`${entry} does not compile:\n${stderr.trimEnd()}`);
  if (stderr.trim() !== "") note(`${entry}:\n${stderr.trimEnd()}`);
  return stdout.trim().split("\n");
}

async function makeBundle(product) {
  const started = now();
  const esbuild = await import("esbuild");
  const output = join(ROOT, product.output);
  const folder = dirname(output);
  const extension = extname(output);
  const name = basename(output, extension);
  const entries = Object.entries({ [name]: product.entry, ...product.beside }).filter(([, entry]) =>
    existsSync(join(ROOT, entry)),
  );
  const hasBanner = product.executable && !readFileSync(join(ROOT, product.entry), "utf8").startsWith("#!");
  const result = await esbuild
    .build({
      absWorkingDir: ROOT,
      entryPoints: Object.fromEntries(entries),
      outdir: folder,
      bundle: true,
      splitting: entries.length > 1,
      chunkNames: `${name}-[hash]`,
      write: false,
      metafile: true,
      format: product.format,
      outExtension: { ".js": extension },
      target: "es2022",
      platform: product.platform,
      // What users install beside us stays outside; what only we install is bundled in.
      external: product.selfContained ? [] : dependencies(),
      loader: { ".wasm": "binary" },
      sourcemap: true,
      charset: "utf8",
      logLevel: "silent",
      plugins: product.usesLibrary ? [libraryStaysOutside(product.platform)] : [],
      ...(hasBanner ? { banner: { js: "#!/usr/bin/env node" } } : {}),
      ...(product.format === "cjs" ? WHERE_IT_IS : {}),
    })
    .catch(async ({ errors, message }) => {
      const lines = errors ? await esbuild.formatMessages(errors, { kind: "error" }) : [message];
      throw new Error(`${product.entry} cannot be bundled:\n${lines.join("").trimEnd()}`);
    });
  if (product.selfContained) refuseImports(product, result.metafile);
  mkdirSync(SCRATCH, { recursive: true });
  // A map before its file: a stack trace between the two renames then finds at worst a newer map. The entry last: what it imports is there by then.
  const order = ({ path }) => (path === output ? 2 : path.endsWith(".map") ? 0 : 1);
  const files = [...result.outputFiles].sort((a, b) => order(a) - order(b));
  for (const file of files) {
    const scratch = join(SCRATCH, basename(file.path));
    writeFileSync(scratch, file.contents);
    if (product.executable && file.path === output) chmodSync(scratch, 0o755);
    install(scratch, file.path);
  }
  const outputs = files.map(({ path }) => relative(ROOT, path).replaceAll("\\", "/"));
  removeParts(folder, name, outputs);
  const inputs = Object.keys(result.metafile.inputs).filter((path) => !path.startsWith("node_modules/"));
  stamp(product, inputs, started, outputs);
}

/** Removes what an earlier build has put between the entries of a bundle: such files are named by their contents. */
function removeParts(folder, name, outputs) {
  for (const file of readdirSync(folder)) {
    if (!file.startsWith(`${name}-`) || !/-[0-9A-Z]{8}\.js(\.map)?$/.test(file)) continue;
    if (!outputs.some((path) => basename(path) === file)) rmSync(join(folder, file));
  }
}

/**
 * The command line uses the library beside it, build/node.js, instead of bringing a second copy: one set of error
 * classes for `instanceof`, one shared memory, one file to load. So do workers that run the user's functions.
 */
const libraryStaysOutside = (platform) => ({
  name: "library-stays-outside",
  setup(build) {
    const library = ["ts/index.js", "ts/errors.js"].map((path) => join(ROOT, path));
    build.onResolve({ filter: /^\.\.?\/.*\.js$/ }, ({ path, resolveDir }) =>
      library.includes(join(resolveDir, path)) ? { path: `./${platform}.js`, external: true } : undefined,
    );
  },
});

/** CommonJS has no `import.meta`, and is strict only where that is the first thing it says. */
const WHERE_IT_IS = {
  define: { "import.meta.url": "importMetaUrl" },
  banner: { js: '"use strict"; const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
};

function dependencies() {
  return Object.keys(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).dependencies);
}

/** A worker is loaded by URL, wherever a bundler put it: nothing relative to it would be found. */
function refuseImports(product, metafile) {
  const { imports } = metafile.outputs[product.output];
  const outside = imports.filter(({ path }) => product.platform !== "node" || !path.startsWith("node:"));
  if (outside.length > 0) {
    const names = outside.map(({ path }) => `"${path}"`).join(", ");
    throw new Error(`${product.entry} must be one file without imports, but its bundle imports ${names}`);
  }
}

async function makeTypes(product) {
  const started = now();
  const folder = dirname(join(ROOT, product.output));
  const scratch = join(SCRATCH, "types");
  const inputs = filesUnder(product.folder);
  const { code, stdout, stderr } = await runScript([
    ...["node_modules/typescript/bin/tsc", "-p", "scripts/tsconfig.types.json", "--outDir", scratch],
  ]);
  if (code !== 0) throw new Error(`the declarations cannot be written:\n${(stdout + stderr).trimEnd()}`);
  const old = join(SCRATCH, "types-before");
  if (existsSync(folder)) renameSync(folder, old);
  install(scratch, folder);
  stamp(product, inputs, started);
}

function install(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  renameSync(from, to);
}

/** The time of day as `stat` counts it, in fractions of a millisecond. */
function now() {
  return performance.timeOrigin + performance.now();
}

/** Records what `product` was made of. Last: without it, a build that was cut off is simply done again. */
function stamp(product, inputs, started, outputs) {
  mkdirSync(SCRATCH, { recursive: true });
  const scratch = join(SCRATCH, `${product.name}.json`);
  writeFileSync(scratch, stampText(product, inputs, started, outputs));
  install(scratch, stampPath(product));
}
