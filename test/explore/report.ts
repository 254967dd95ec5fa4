/** Reports for people. */
import type { Report } from "./explore.js";
import type { Walk } from "./walk.js";

const NUMBERS = new Intl.NumberFormat("en");

const many = (count: number) => NUMBERS.format(count);

/** One line; two when something failed. */
export function formatReport({
  program,
  failure,
  bound,
  runs,
  withDeaths,
  withCuts,
  states,
  longest,
  seconds,
}: Report): string {
  const counts = [
    `${bound} departures`,
    `${many(runs)} runs`,
    ...(withDeaths > 0 ? [`${many(withDeaths)} with deaths`] : []),
    ...(withCuts > 0 ? [`${many(withCuts)} with cuts`] : []),
    `${many(states)} states`,
    `${many(longest)} steps at most`,
    `${seconds.toFixed(1)} s`,
  ];
  return `${failure === null ? "ok  " : "FAIL"} ${program}: ${counts.join(", ")}${formatFailure(failure)}`;
}

export function formatWalk({ program, seed, failure, runs, withDeaths, steps, seconds }: Walk): string {
  const counts = `${many(runs)} runs, ${many(withDeaths)} with deaths, ${many(steps)} steps, ${seconds.toFixed(1)} s`;
  return `${failure === null ? "ok  " : "FAIL"} ${program}: walk, seed ${seed}: ${counts}${formatFailure(failure)}`;
}

function formatFailure(failure: Report["failure"]): string {
  return failure === null ? "" : `\n     ${failure.what}\n     schedule: ${failure.schedule}`;
}
