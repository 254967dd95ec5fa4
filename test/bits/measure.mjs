/**
 * The bits of a list of problems, in this engine. Plain JavaScript without imports of its own: it runs in Node of every version and on pages.
 *
 *   node test/bits/measure.mjs            prints what this Node computes, for all ways: what bits.test.ts reads
 *   node test/bits/measure.mjs --write    computes test/bits/golden.json anew, on one thread
 *
 * golden.json holds the problems (infinite bounds as texts) and, for each, the 64 bits of value and error as hexadecimal digits. Some have other integrands beside the text, functions
 * and exports of modules, that must give the same bits (`same`), and say what becomes of them (`kind`). To add a problem write it there without bits
 * and run --write. When the numeric contract (docs/numerics.md) or a function of the math provider changes, the bits change: run --write, and read
 * the difference before it is committed, because it is a new version of Heddle.
 */

/** Numbers of threads that must not matter. */
export const THREADS = [1, 2, 3, 7, 16];

/** The 64 bits of a double as 16 hexadecimal digits. */
function bitsOf(value) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}

/** A function from its text, or a module from its bytes. */
function integrandOf({ function: text, module, export: name }) {
  if (text !== undefined) return new Function(`return ${text};`)();
  return { module: Uint8Array.from(atob(module), (letter) => letter.charCodeAt(0)), export: name };
}

/**
 * @param problems as in golden.json
 * @param heddle   a context
 * @param threads  how many; 0: what the library chooses
 * @returns "name: value error" for each
 */
export async function measure(problems, heddle, threads) {
  const lines = [];
  for (const { name, f, a, b, options, large, same = [] } of problems) {
    const all = threads === 0 ? options : { ...options, threads };
    for (const method of ["integrate", "integrateSync"]) {
      // Half a second of work need not be done in every way.
      if (large && !(method === "integrate" && (threads === 3 || threads === 0))) continue;
      for (const other of [{ kind: "compiled", text: f }, ...same]) {
        const { value, error, integrand } = await heddle[method](
          other.text ?? integrandOf(other),
          Number(a),
          Number(b),
          all,
        );
        const how = integrand.kind === other.kind ? "" : `, ${integrand.kind} instead of ${other.kind}`;
        lines.push(`${name}, ${method}: ${bitsOf(value)} ${bitsOf(error)}${how}`);
      }
    }
  }
  return lines;
}

async function main() {
  const { readFile, writeFile } = await import("node:fs/promises");
  const golden = new URL("golden.json", import.meta.url);
  const problems = JSON.parse(await readFile(golden, "utf8"));
  const { createHeddle } = await import(new URL("../../build/node.js", import.meta.url).href);
  const heddle = createHeddle();
  if (process.argv.includes("--write")) {
    for (const problem of problems) {
      const { f, a, b, options } = problem;
      const { value, error } = heddle.integrateSync(f, Number(a), Number(b), { ...options, threads: 1 });
      Object.assign(problem, { value: bitsOf(value), error: bitsOf(error) });
    }
    await writeFile(golden, `${JSON.stringify(problems, null, 2)}\n`);
  } else {
    const lines = {};
    for (const threads of THREADS) lines[threads] = await measure(problems, heddle, threads);
    console.log(JSON.stringify(lines));
  }
}

if (typeof process === "object" && process.argv[1] === decodeURIComponent(new URL(import.meta.url).pathname))
  await main();
