/** `npm run integrate -- …`: sets up what is missing, then runs `heddle integrate …` in this process. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runCommand } from "./command.mjs";
import { ROOT } from "./products.mjs";
import { ensureBuilt, ensureInstalled } from "./setup.mjs";

await runCommand(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const cli = join(ROOT, "build", "cli.js");
  // As if it had been started by its own name; one process, so that Ctrl-C and the exit code are the command's own.
  process.argv.splice(1, 1, cli, "integrate");
  await import(pathToFileURL(cli).href);
});
