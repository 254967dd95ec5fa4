/** The files of build/ that a bundle consists of. */
import { readdirSync } from "node:fs";

/** Its entry, and what it shares with the entries beside it: files that are named after it, and after what is in them. */
export function bundleFiles(name: string): string[] {
  return readdirSync("build").filter(
    (file) => file === `${name}.js` || (file.startsWith(`${name}-`) && /-[0-9A-Z]{8}\.js$/.test(file)),
  );
}
