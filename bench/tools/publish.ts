/** What a bench tells when it is done: on the terminal, and as JSON. */
import { writeFile } from "node:fs/promises";
import { type Machine, showMachine } from "./machine.js";

export interface Publication {
  readonly machine: Machine;
  /** Who took part, with what it is; and who did not, with why, by name. */
  readonly contenders: ReadonlyMap<string, string>;
  readonly missing: ReadonlyMap<string, string>;
  /** What was the same for all of them, by name. */
  readonly setting?: Readonly<Record<string, number>>;
  /** Tables, as text. */
  readonly report: string;
  readonly complaints: readonly string[];
  readonly results: unknown;
  /** Where to write everything; null for nowhere. */
  readonly json: string | null;
}

export async function publish({ json, report, ...all }: Publication): Promise<void> {
  const { machine, contenders, missing, setting = {}, complaints, results } = all;
  const width = Math.max(...[...contenders.keys(), ...missing.keys()].map(({ length }) => length));
  const heads = [
    ...[...contenders].map(([name, title]) => `${name.padEnd(width)}  ${title}`),
    ...[...missing].map(([name, why]) => `${name.padEnd(width)}  missing: ${why}`),
  ];
  const same = Object.entries(setting).map(([name, value]) => `${value} ${name}`);
  console.log([showMachine(machine), heads.join("\n"), ...same, report].join("\n\n"));
  if (json === null) return;
  const content = {
    // First, where a look at the file begins.
    complaints,
    machine,
    ...setting,
    contenders: Object.fromEntries(contenders),
    missing: Object.fromEntries(missing),
    results,
  };
  await writeFile(json, `${JSON.stringify(content, null, 1)}\n`);
}
