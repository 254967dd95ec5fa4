/**
 * `npm run check [-- --fix]`: everything that can be said about the sources without running them. `--fix` formats
 * and mends first what can be mended by machine.
 *
 *   types     tsc, strict, over ts/, test/, bench/, examples/
 *   editor    tsc over assembly/, with AssemblyScript's own declarations: what an editor shows there
 *   lint      Biome: lint rules, order of imports, format
 *   assembly  Biome: format of assembly/
 *   floors    no import goes up (test/floors.test.ts)
 *   names     files that comments and pages name are there (test/named-files.test.ts)
 *   package   publint: what package.json promises is there and can be resolved
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { note, runCommand, runScript, seconds } from "./command.mjs";
import { filesUnder, ROOT } from "./products.mjs";
import { ensureBuilt, ensureInstalled } from "./setup.mjs";

const BIOME = "node_modules/@biomejs/biome/bin/biome";

/** A decorated function (`@inline function …`) is AssemblyScript's own grammar: no formatter for TypeScript reads it. */
const DECORATED_FUNCTION = /^@\w+(\([^)]*\))?\s+(export\s+)?(declare\s+)?(function|const|let)\b/m;

/** Files of assembly/ that Biome can read. */
function formattable() {
  return ["assembly", "test/assembly"]
    .flatMap(filesUnder)
    .filter((path) => path.endsWith(".ts") && !DECORATED_FUNCTION.test(readFileSync(join(ROOT, path), "utf8")));
}

await runCommand(async () => {
  const fix = process.argv.includes("--fix");
  const unknown = process.argv.slice(2).find((argument) => argument !== "--fix");
  if (unknown !== undefined) throw new Error(`heddle: expected --fix or nothing, got ${unknown}`);
  await ensureInstalled();
  await ensureBuilt({ types: true });

  const places = ["ts", "test", "scripts", "bench", "examples", "package.json", "tsconfig.json", "asconfig.json"];
  const write = fix ? ["--write"] : [];
  const quiet = ["--error-on-warnings", "--max-diagnostics=200"];
  const checks = {
    types: ["node_modules/typescript/bin/tsc", "-p", "."],
    editor: ["node_modules/typescript/bin/tsc", "-p", "assembly", "--noEmit"],
    lint: [BIOME, "check", ...write, ...quiet, ...places.filter((place) => existsSync(join(ROOT, place)))],
    assembly: [BIOME, "format", ...write, ...quiet, ...formattable()],
    floors: ["scripts/test.mjs", "floors"],
    names: ["scripts/test.mjs", "named-files"],
    package: ["node_modules/publint/src/cli.js", "--strict"],
  };
  const failed = [];
  for (const [name, args] of Object.entries(checks)) {
    const start = performance.now();
    const { code, stdout, stderr } = await runScript(args);
    const good = code === 0;
    console.log(`${good ? "ok  " : "FAIL"} ${name.padEnd(8)} (${seconds(performance.now() - start)})`);
    if (good) continue;
    failed.push(name);
    console.log((stdout + stderr).trimEnd().replace(/^/gm, "     "));
  }
  if (failed.length === 0) return;
  note(`heddle: check failed: ${failed.join(", ")}${fix ? "" : " (npm run check -- --fix mends format and imports)"}`);
  process.exitCode = 1;
});
