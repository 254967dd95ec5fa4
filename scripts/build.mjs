/**
 * `npm run build`: everything in build/ that is stale (products.mjs). `--debug` adds build/debug/*.wasm, with names and
 * assertions. `--force` builds all.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { note, runCommand, seconds } from "./command.mjs";
import { build } from "./compile.mjs";
import { PRODUCTS, ROOT } from "./products.mjs";
import { ensureInstalled } from "./setup.mjs";

await runCommand(async () => {
  const known = { "--debug": "debug", "--force": "force" };
  const options = { types: true };
  for (const argument of process.argv.slice(2)) {
    if (!(argument in known)) {
      throw new Error(`heddle: expected ${Object.keys(known).join(" or ")}, got ${argument}`);
    }
    options[known[argument]] = true;
  }
  await ensureInstalled();
  const { built, milliseconds } = await build(options);
  for (const { entry, name } of PRODUCTS.filter(({ entry }) => !existsSync(join(ROOT, entry)))) {
    note(`heddle: left out ${name}: there is no ${entry}`);
  }
  note(built.length > 0 ? `heddle: built ${built.join(", ")} (${seconds(milliseconds)})` : "heddle: nothing to build");
});
