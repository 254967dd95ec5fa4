/**
 * `npm run bench -- NAME …`: bundles bench/NAME/main.ts and runs it with the rest of the arguments. The programs that a
 * bench starts, bench/NAME/*.child.ts, are bundled beside it.
 *
 * It measures what users get: `import … from "heddle"` in a bench is build/node.js, not a copy bundled with the bench.
 */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { note, runCommand } from "./command.mjs";
import { filesUnder, ROOT } from "./products.mjs";
import { ensureBuilt, ensureInstalled } from "./setup.mjs";

await runCommand(async () => {
  const [name, ...args] = process.argv.slice(2);
  const entry = `bench/${name}/main.ts`;
  if (!filesUnder("bench").includes(entry)) {
    const folders = readdirSync(join(ROOT, "bench"), { withFileTypes: true }).filter((each) => each.isDirectory());
    const names = folders.map((each) => each.name).filter((each) => filesUnder(`bench/${each}`).some(isMain));
    throw new Error(`heddle: expected the name of a bench (${names.join(", ")}), got ${name ?? "nothing"}`);
  }
  await ensureInstalled();
  await ensureBuilt();
  const esbuild = await import("esbuild");
  const children = filesUnder(`bench/${name}`).filter((path) => path.endsWith(".child.ts"));
  await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: [entry, ...children],
    outbase: "bench",
    outdir: "build/bench",
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    loader: { ".wasm": "binary" },
    sourcemap: true,
    logLevel: "error",
  });
  // A process of its own: nothing of this one, esbuild's child least of all, disturbs the measurement.
  esbuild.stop();
  const script = join(ROOT, "build", "bench", name, "main.js");
  const child = spawn(process.execPath, [script, ...args], { cwd: ROOT, stdio: "inherit" });
  // Ctrl-C reaches both of us; the bench ends as it likes, and we with it.
  process.on("SIGINT", () => {});
  process.exitCode = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (signal !== null) note(`heddle: the bench died of ${signal}`);
      resolve(code ?? 1);
    });
  });
});

function isMain(path) {
  return /^bench\/[^/]+\/main\.ts$/.test(path);
}
