/**
 * `node test/explore/soak.mjs [options] [part of a program's name…]`: the explorer, for as long as it takes.
 *
 *   (nothing)              every program to its bound, then random walks
 *   --seconds 20           of random walks, for each program
 *   --seed 1               of the walks; default: another each time
 *   --mutants              the table of mutants of every suite instead, or of those whose name has a pattern in it
 *   --only "in remove"     mutants whose name or place has this in it
 *   --bound 1              departures at most for mutants: most are found with one, so this says soon which are left
 *   --verdicts file        where verdicts are kept as they come; mutants that are in there already are not tried again
 *   --jobs 2               processes at a time; default: as many as the machine has cores
 *   --replay "17:run1 …"   one schedule of one program instead, told step by step; with --mutant "name" of that mutant
 *
 * Bundles soak.ts as tests are bundled, and runs it in a Node that can switch WebAssembly stacks. Ends with exit code 1 when something failed.
 */
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { ROOT } from "../../scripts/products.mjs";
import { ensureBuilt, ensureEngines, ensureInstalled } from "../../scripts/setup.mjs";

await ensureInstalled();
await ensureEngines();
await ensureBuilt();
const { build } = await import("esbuild");
const outfile = `build/test/explore/soak.${process.pid}.js`;
await build({
  ...{ absWorkingDir: ROOT, entryPoints: ["test/explore/soak.ts"], outfile, bundle: true, sourcemap: "inline" },
  ...{ platform: "node", format: "esm", target: "es2022", packages: "external", charset: "utf8", logLevel: "warning" },
});
const child = spawn(process.execPath, ["--enable-source-maps", outfile, ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: "inherit",
});
// Whoever stops us stops the jobs as well.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill("SIGTERM"));
child.once("exit", (code) => {
  rmSync(outfile, { force: true });
  process.exitCode = code ?? 1;
});
