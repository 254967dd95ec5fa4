/** What a program complained about, cut to what fits beside the others' complaints. */

/** An error and the top of its stack; V8's own last words go on for fifty lines. */
const LINES = 8;

/** @returns the first lines of `text`, and how many more there are */
export function shorten(text: string): string {
  const lines = text.trim().split("\n");
  if (lines.length <= LINES) return lines.join("\n");
  return [...lines.slice(0, LINES), `… and ${lines.length - LINES} more lines`].join("\n");
}
