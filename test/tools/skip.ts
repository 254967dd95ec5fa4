/**
 * Says that a test cannot run on this machine, and why.
 *
 * The reason is counted and listed by scripts/test.mjs; under `CI=true` it fails the run. So this is for what a machine
 * lacks (a browser for its processor, another Node), never for a test that is broken or slow.
 */

/**
 * Prints the line that the runner counts. Call it inside a test, and return.
 *
 * @param reason what is missing, in one line
 * @param count  tests that this stands for, default 1
 * @example
 *   test("gives the same bits in Chromium", async () => {
 *     const browser = await findChromium();
 *     if (browser === null) return skip("no Chromium for this processor");
 *     …
 *   });
 */
export function skip(reason: string, count = 1): void {
  // uvu writes its bullets without line breaks: begin a line of our own.
  process.stdout.write(`\nSKIP ${count} ${reason.replaceAll("\n", " ")}\n`);
}
