/** The fenced blocks of the documentation: what a reader copies. */
import { readdirSync, readFileSync } from "node:fs";

export const PAGES = [
  "README.md",
  ...readdirSync("docs").flatMap((name) => (name.endsWith(".md") ? `docs/${name}` : [])),
];

export interface Block {
  readonly page: string;
  /** Line of its first line, counted from 1. */
  readonly line: number;
  /** What stands behind the fence: "js", "js browser", "sh", … or "". */
  readonly language: string;
  readonly lines: readonly string[];
}

export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { language: string; line: number; lines: string[] } | null = null;
  for (const [index, line] of readFileSync(page, "utf8").split("\n").entries()) {
    const fence = /^```(?<language>.*)$/.exec(line);
    if (open === null) {
      if (fence !== null) open = { language: fence.groups!.language!, line: index + 2, lines: [] };
    } else if (fence !== null) {
      blocks.push({ page, ...open });
      open = null;
    } else open.lines.push(line);
  }
  if (open !== null) throw new Error(`${page}:${open.line - 1}: a fence that is not closed`);
  return blocks;
}
