/**
 * Compiles one AssemblyScript module. A process of its own, so that several compile at once.
 *
 *   node scripts/compile-assembly.mjs <entry.ts> <output.wasm> <target of asconfig.json> [asc options…]
 *
 * Standard output: the paths that were read, one a line. Standard error: the compiler's messages. Exit code 1 on errors.
 */
import { readFileSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";
import asc from "assemblyscript/asc";

/** AS112, "Exchange of 'v128' values is not supported by all embeddings": the splicer, not JavaScript, fills these imports. */
const V128_EXCHANGE = "112";

const [entry, output, target, ...options] = process.argv.slice(2);
const inputs = new Set();

const { error, stderr } = await asc.main(
  [
    entry,
    ...["--config", "asconfig.json", "--target", target, "--outFile", output],
    ...["--disableWarning", V128_EXCHANGE, "--noColors"],
    ...options,
  ],
  {
    readFile(name, baseDir) {
      const file = resolve(baseDir, name);
      try {
        const text = readFileSync(file, "utf8");
        const path = relative(process.cwd(), file).replaceAll("\\", "/");
        if (!isAbsolute(path) && !path.startsWith("..") && !path.startsWith("node_modules/")) inputs.add(path);
        return text;
      } catch {
        // asc asks for the places where a module could be; null means "not here".
        return null;
      }
    },
  },
);

process.stderr.write(stderr.toString());
if (error !== null) {
  if (stderr.toString() === "") process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`${[...inputs].join("\n")}\n`);
}
