/**
 * What the comments of an example promise, and the same example with its prints marked, so that each print is seen to be its comment's.
 *
 *   console.log(f(2));   // 4               what it prints; of more than one time, with ", " between: 1, 4, 9 … 81
 *   f(2);                // 4: explained    a value; what stands behind ": " is said about it
 *   f(2);                // a remark        where a comment begins like no value, it is none
 *
 * An `…` stands for anything. Comments on lines of their own below continue it.
 */
import { type AnyNode, type Comment, type ExpressionStatement, parse } from "acorn";

export interface Promised {
  /** Line within the text, from 1. */
  readonly line: number;
  readonly text: string;
}

export interface Marked {
  readonly text: string;
  readonly promises: readonly Promised[];
}

/** Stands before and behind the number of a promise in what a marked example prints. */
const MARK = "\u0001";

/** A number, a text, an array, an object, or one with its class before it; true, false, null, undefined. */
const VALUE = /^(-?\d|-?Infinity\b|"|\[|\{|NaN\b|true\b|false\b|null\b|undefined\b|[A-Z]\w*(\(\d+\))? [[{])/;

/** @param first number of its first promise: the files of a program print to one console */
export function mark(source: string, first = 0): Marked {
  const comments: Comment[] = [];
  const program = parse(source, {
    ecmaVersion: "latest",
    sourceType: "module",
    locations: true,
    allowAwaitOutsideFunction: true,
    onComment: comments,
  });
  const lines = source.split("\n");
  const promises: Promised[] = [];
  const edits: { at: number; text: string }[] = [];
  const promised = (node: AnyNode): string | undefined => {
    const { line, column } = node.loc!.end;
    const comment = comments.find(({ loc }) => loc!.start.line === line && loc!.start.column >= column);
    if (comment === undefined) return undefined;
    let text = comment.value.trim();
    for (let next = line; /^\s*\/\//.test(lines[next] ?? ""); next++)
      text += ` ${lines[next]!.replace(/^\s*\/\//, "").trim()}`;
    return text;
  };
  /** The mark of a print: of one that promises nothing, too, so that no other is taken to have printed it. */
  const promise = (node: AnyNode, text: string | undefined): string => {
    if (text !== undefined) promises.push({ line: node.loc!.end.line, text });
    return `"${MARK}${text === undefined ? "" : first + promises.length - 1}${MARK}", `;
  };
  visit(program, (node) => {
    if (isPrint(node))
      edits.push({ at: source.indexOf("(", node.callee.end) + 1, text: promise(node, promised(node)) });
    else if (node.type === "ExpressionStatement" && !isPrint(node.expression)) {
      const text = promised(node);
      if (text === undefined || !VALUE.test(text)) return;
      const { start, end } = (node as ExpressionStatement).expression;
      edits.push({ at: start, text: `console.log(${promise(node, text)}__shown(` }, { at: end, text: "))" });
    }
  });
  let text = source;
  for (const edit of edits.sort((one, other) => other.at - one.at))
    text = text.slice(0, edit.at) + edit.text + text.slice(edit.at);
  // A value that is a text is shown in quotes.
  const shown = 'const __shown = (value) => (typeof value === "string" ? JSON.stringify(value) : value);\n';
  return { text: shown + text, promises };
}

function isPrint(node: AnyNode): node is AnyNode & { type: "CallExpression" } {
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return false;
  const { object, property } = node.callee;
  return (
    object.type === "Identifier" &&
    object.name === "console" &&
    property.type === "Identifier" &&
    property.name === "log"
  );
}

function visit(node: AnyNode, each: (node: AnyNode) => void): void {
  each(node);
  for (const child of Object.values(node).flat()) if (typeof child?.type === "string") visit(child, each);
}

/** What each promise was answered with, by number: its prints, with ", " between. */
export function answersIn(output: string): Map<number, string> {
  const answers = new Map<number, string>();
  for (const [, number, text] of output.matchAll(new RegExp(`${MARK}(\\d*)${MARK} ?([^${MARK}]*)`, "g"))) {
    if (number === "") continue;
    const before = answers.get(Number(number));
    const shown = text!.trim().replace(/\s+/g, " ");
    answers.set(Number(number), before === undefined ? shown : `${before}, ${shown}`);
  }
  return answers;
}

/** Whether the answer is what was promised, up to one of its ": " or to its end. */
export function isKept(promise: string, answer: string | undefined): boolean {
  if (answer === undefined) return false;
  const ends = [...promise.matchAll(/: /g)].map(({ index }) => index);
  return [...ends, promise.length].some((end) => pattern(promise.slice(0, end)).test(answer));
}

function pattern(text: string): RegExp {
  const parts = text.trim().split(/\s*…\s*/);
  return new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`);
}
