/** The files of build/ that a bundle consists of. */
import { readdirSync } from "node:fs";

/** Its entry, and what it shares with the entries beside it: files that are named after it, and after what is in them. */
export function bundleFiles(name: string): string[] {
  const entries = [`${name}.js`, `${name}.cjs`];
  return readdirSync("build").filter(
    (file) => entries.includes(file) || (file.startsWith(`${name}-`) && /-[0-9A-Z]{8}\.js$/.test(file)),
  );
}
