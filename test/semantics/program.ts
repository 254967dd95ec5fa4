/** Programs of their own, in Node: for what happens when one ends. */
import { LIBRARY_URL } from "../runtime/library.js";
import { type Ending, runProgram } from "../tools/program.js";

/** Runs a module of this text, which finds the library as `heddle`, until its process has ended. */
export function run(text: string): Promise<Ending> {
  const source = `
    import * as heddle from ${JSON.stringify(LIBRARY_URL)};
    const LIBRARY = ${JSON.stringify(LIBRARY_URL)};
    const print = (text) => console.log(String(text));
    ${text}`;
  return runProgram(source);
}
