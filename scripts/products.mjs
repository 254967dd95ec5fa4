/**
 * What build/ consists of, and which part of it is stale. Light on purpose: every command asks this first.
 *
 *   assembly/core.ts    -> core.wasm      assembly/drivers.ts -> drivers.wasm     assembly/math.ts -> math.wasm
 *   ts/…                -> node.js, browser.js, worker.browser.js, worker.node.cjs, supervisor.node.cjs, wasi.….js, cli.js     (these embed the .wasm)
 *                          node-….js: what node.js and thread.node.js have in common
 *   ts/index.ts, ts/wasi/index.ts   -> types/
 *
 * A product's stamp, build/.stamps/<name>.json, lists the files that the compiler really read with a hash of each.
 * A product is stale when one of them has changed, or when its output is gone. Times do not matter: a checkout that
 * only touches files rebuilds nothing.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What every product depends on besides its own sources. */
const COMMON_INPUTS = ["package-lock.json", "scripts/products.mjs", "scripts/compile.mjs"];

const wasm = (name, target) => ({
  name,
  kind: "wasm",
  entry: `assembly/${name}.ts`,
  output: `build/${name}.wasm`,
  target,
  inputs: [...COMMON_INPUTS, "asconfig.json", "scripts/compile-assembly.mjs"],
});

const bundle = (name, entry, platform, rest = {}) => ({
  name,
  kind: "bundle",
  entry,
  output: `build/${name}.${rest.format === "cjs" ? "cjs" : "js"}`,
  platform,
  format: "esm",
  selfContained: false,
  // Further entries of the same bundle, by name: what several of them need is in files between them, loaded once.
  beside: {},
  inputs: [...COMMON_INPUTS, "package.json", "tsconfig.json"],
  ...rest,
});

/**
 * In an order in which each finds what it needs already built, by kind. What is one file and for Node alone is CommonJS: a thread of Node
 * runs its first line 5 ms earlier when it need not set up the loader of modules first.
 */
export const PRODUCTS = [
  wasm("core", "release"),
  wasm("drivers", "release"),
  wasm("batch", "release"),
  wasm("math", "math"),
  bundle("node", "ts/index.ts", "node", { beside: { "thread.node": "ts/runtime/entries/thread.node.ts" } }),
  bundle("browser", "ts/index.ts", "browser"),
  bundle("worker.node", "ts/runtime/entries/worker.node.ts", "node", { selfContained: true, format: "cjs" }),
  bundle("supervisor.node", "ts/runtime/entries/supervisor.node.ts", "node", { selfContained: true, format: "cjs" }),
  bundle("worker.browser", "ts/runtime/entries/worker.browser.ts", "browser", { selfContained: true }),
  bundle("thread.browser", "ts/runtime/entries/thread.browser.ts", "browser", { selfContained: true }),
  bundle("wasi.node", "ts/wasi/index.ts", "node", { usesLibrary: true }),
  bundle("wasi.browser", "ts/wasi/index.ts", "browser", { usesLibrary: true }),
  bundle("wasi-program", "ts/wasi/program.ts", "node", { selfContained: true }),
  bundle("cli", "ts/cli/main.ts", "node", { usesLibrary: true, executable: true }),
  {
    name: "types",
    kind: "types",
    entry: "ts/index.ts",
    output: "build/types/index.d.ts",
    // tsc reads what the entry reaches; a new file in ts/ may be reached next, so any change counts.
    folder: "ts",
    inputs: [...COMMON_INPUTS, "tsconfig.json", "scripts/tsconfig.types.json"],
  },
];

/** The products that must be built again, in the order of `PRODUCTS`. Those whose source does not exist are left out. */
export function staleProducts({ types = false } = {}) {
  const hashOf = hasher();
  return PRODUCTS.filter((product) => (types || product.kind !== "types") && isStale(product, hashOf));
}

/** Whether `product` has to be built. `hashOf` comes from `hasher`. */
export function isStale(product, hashOf = hasher()) {
  if (!existsSync(join(ROOT, product.entry))) return false;
  const stamp = readStamp(product);
  // Of an earlier version of this file: without them.
  if (stamp?.outputs === undefined || stamp.outputs.some((path) => !existsSync(join(ROOT, path)))) return true;
  const paths = Object.keys(stamp.inputs);
  if (product.folder !== undefined && filesUnder(product.folder).some((path) => !(path in stamp.inputs))) return true;
  return paths.some((path) => hashOf(path) !== stamp.inputs[path]);
}

/**
 * The text of a stamp: `paths` are what the compiler read, from the time `started` on, and `outputs` what it wrote, relative to the root.
 * A file saved since then may have been read before that: it gets no hash, and the product is built again next time.
 */
export function stampText(product, paths, started, outputs = [product.output]) {
  const inputs = {};
  for (const path of new Set([...product.inputs, product.entry, ...paths])) {
    const file = join(ROOT, path);
    inputs[path] = statSync(file).mtimeMs > started ? "changed" : hashFile(file);
  }
  return JSON.stringify({ inputs, outputs }, null, 1);
}

export function stampPath(product) {
  return join(ROOT, "build", ".stamps", `${product.name}.json`);
}

function readStamp(product) {
  try {
    return JSON.parse(readFileSync(stampPath(product), "utf8"));
  } catch {
    return null;
  }
}

/** Path -> hash of its content ("" for a missing file), each file read once. */
export function hasher() {
  const known = new Map();
  return (path) => {
    let hash = known.get(path);
    if (hash === undefined) {
      hash = hashFile(join(ROOT, path));
      known.set(path, hash);
    }
    return hash;
  };
}

function hashFile(file) {
  try {
    return createHash("sha1").update(readFileSync(file)).digest("base64url");
  } catch (error) {
    if (error.code === "ENOENT") return "";
    throw error;
  }
}

/** All files under `folder`, as paths relative to the root with forward slashes. */
export function filesUnder(folder) {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath ?? entry.path, entry.name)
        .slice(ROOT.length)
        .replaceAll("\\", "/"),
    )
    .sort();
}
