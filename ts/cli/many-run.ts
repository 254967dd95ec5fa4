/**
 * A sweep over a parameter: compute, write the table, print what came of it.
 */
import { type ManyProgress, type ManyResult, TOLERANCE_STATUSES } from "../many-types.js";
import { orAborted } from "./abort.js";
import { EXIT_DONE, EXIT_NO_SUCCESS } from "./failures.js";
import { assertWritable, save } from "./files.js";
import { aligned, duration, folded, fullValue, rough } from "./format.js";
import type { InputOutput } from "./io.js";
import { type Jsonable, spellJson } from "./json.js";
import type { Library } from "./library.js";
import type { ManyRequest } from "./many-request.js";
import { ProgressBar } from "./progress.js";
import { askedOf } from "./tolerance-report.js";

/** @returns the exit code */
export async function integrateMany(request: ManyRequest, io: InputOutput, library: Library): Promise<number> {
  const { csv } = request;
  if (csv !== undefined) await assertWritable(io, csv);
  const result = await compute(request, io, library);
  if (csv !== undefined) await save(io, csv, tableOf(request, result));
  if (request.json) io.out(`${spellJson(jsonOf(request, result))}\n`);
  else io.out(csv === undefined ? tableOf(request, result) : folded(reportOf(request, result, csv), io.outColumns()));
  return result.counts.converged === result.values.length ? EXIT_DONE : EXIT_NO_SUCCESS;
}

async function compute(request: ManyRequest, io: InputOutput, library: Library): Promise<ManyResult> {
  const bar = new ProgressBar({
    wanted: request.progress,
    write: io.err,
    columns: io.errColumns,
    now: () => performance.now(),
  });
  const begun = performance.now();
  const onProgress = ({ fraction, evaluations }: ManyProgress): void => {
    const seconds = (performance.now() - begun) / 1000;
    bar.show({ fraction, evaluations, evaluationsPerSecond: seconds > 0 ? evaluations / seconds : 0 });
  };
  const { expression, a, b, options } = request;
  try {
    return await orAborted(library.many(expression, a, b, { ...options, signal: io.signal, onProgress }), io.signal);
  } finally {
    bar.erase();
  }
}

/** Comma-separated values (RFC 4180): a heading, and a row for each integral. Numbers read back to the same bits. */
function tableOf({ name, values }: ManyRequest, result: ManyResult): string {
  const rows = [`${name},value,error,status`];
  for (const [index, parameter] of values.entries()) {
    const numbers = [parameter, result.values[index] as number, result.errors[index] as number].map(fullValue);
    rows.push([...numbers, statusAt(result, index)].join(","));
  }
  return `${rows.join("\n")}\n`;
}

function statusAt({ statuses }: ManyResult, index: number): string {
  return TOLERANCE_STATUSES[statuses[index] as number] as string;
}

function reportOf({ name, values, options }: ManyRequest, result: ManyResult, csv: string): string {
  const { counts, evaluations, rule, threads, restarts, elapsed, startup, relaxed } = result;
  const [first, last] = [values[0], values.at(-1)] as [number, number];
  const rows: [string, string][] = [
    [
      "status",
      Object.entries(counts)
        .filter(([, count]) => count > 0)
        .map(([status, count]) => `${count} ${status}`)
        .join(", "),
    ],
  ];
  const worst = result.errors.reduce((most, error) => Math.max(most, error), 0);
  rows.push(["error", `${rough(worst)} at most`]);
  rows.push(["rule", rule]);
  rows.push(["work", `${evaluations} evaluations, ${rough(evaluations / values.length, 3)} for an integral`]);
  rows.push(["threads", String(threads)]);
  const each = rough((1000 * elapsed) / values.length, 3);
  rows.push(["time", `${duration(elapsed)}, of it startup ${duration(startup)}; ${each} microseconds for an integral`]);
  if (relaxed) rows.push(["relaxed", "operations were fused: another machine may differ in the last bits"]);
  if (restarts > 0) rows.push(["restarts", `${restarts} pieces of work were computed again because their thread died`]);
  rows.push(["csv", csv]);
  const range =
    values.length === 1
      ? `${name} = ${fullValue(first)}`
      : `${values.length} values of ${name} from ${fullValue(first)} to ${fullValue(last)}`;
  return `Numerical solution with ${askedOf(options)} for ${range}\n\n${aligned(rows)}`;
}

/** The fields of the result, with the parameter's values, and statuses by name. */
function jsonOf({ name, values }: ManyRequest, result: ManyResult): Jsonable {
  const { values: integrals, errors, statuses, ...rest } = result;
  return {
    parameter: name,
    parameters: [...values],
    values: [...integrals],
    errors: [...errors],
    statuses: Array.from(statuses, (_, index) => statusAt(result, index)),
    ...(rest as unknown as { readonly [name: string]: Jsonable }),
  };
}
