/**
 * Numbers for people. (For programs: json.ts.)
 */

/**
 * Six decimals, as in the first line of a result; exponent notation where six decimals would show fewer than four digits that
 * count, or more digits than a double holds.
 *
 * @example
 *   sixDecimals(1000 / 3)   // 333.333333
 *   sixDecimals(1.5e-9)     // 1.500000e-9
 */
export function sixDecimals(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size === 0) return size === 0 ? "0.000000" : String(value);
  return size >= 1e-3 && size < 1e9 ? value.toFixed(6) : exponential(value, 6);
}

/** As toExponential, without the + that says nothing. */
function exponential(value: number, decimals: number): string {
  return value.toExponential(decimals).replace("e+", "e");
}

/** The shortest text that reads back to the same bits. */
export function fullValue(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value).replace("e+", "e");
}

/** Two digits and a power of ten: for errors and rates. */
export function rough(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "unknown" : "infinity";
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size >= 1e4 || size < 1e-3 ? exponential(value, digits - 1) : String(Number(value.toPrecision(digits)));
}

/**
 * @param milliseconds a duration
 * @example
 *   duration(41.23)     // 41.2 ms
 *   duration(75_000)    // 1 min 15 s
 */
export function duration(milliseconds: number): string {
  if (milliseconds < 9.995) return `${milliseconds.toFixed(2)} ms`;
  if (milliseconds < 99.95) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 999.5) return `${milliseconds.toFixed(0)} ms`;
  if (milliseconds < 59_995) return `${(milliseconds / 1000).toFixed(2)} s`;
  return longDuration(milliseconds);
}

/** Whole seconds: for times that are still to come. */
export function longDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (!Number.isFinite(seconds)) return "unknown";
  if (milliseconds < 1000) return "under 1 s";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

/**
 * A horizontal bar in eighths of a character.
 *
 * @param fraction 0 to 1 of `columns`; what lies outside is cut off
 */
export function bar(fraction: number, columns: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, fraction || 0)) * columns * 8);
  return "█".repeat(eighths >> 3) + EIGHTHS[eighths & 7];
}

/** Lines of a label and a text, the texts under each other. */
export function aligned(rows: readonly (readonly [label: string, text: string])[]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `${label.padEnd(width)}   ${text}\n`).join("");
}

/** Where words of a report end beyond the last column, they go on below the text that they are part of. @param columns of the terminal; undefined: there is none, and nothing is too long */
export function folded(report: string, columns: number | undefined): string {
  if (columns === undefined) return report;
  return report
    .split("\n")
    .map((line) => (line.length > columns ? foldedLine(line, columns) : line))
    .join("\n");
}

function foldedLine(line: string, columns: number): string {
  const indent = /^\S.*? {3,}(?=\S)/.exec(line)?.[0].length ?? 0;
  const lines = [""];
  for (const word of line.slice(indent).split(" ")) {
    const last = lines.length - 1;
    const longer = lines[last] === "" ? word : `${lines[last]} ${word}`;
    if (indent + longer.length <= columns || lines[last] === "") lines[last] = longer;
    else lines.push(word);
  }
  return line.slice(0, indent) + lines.join(`\n${" ".repeat(indent)}`);
}

/** `1 panel`, `2 panels`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
