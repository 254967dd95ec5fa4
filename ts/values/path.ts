/**
 * Where in a value something stands, as code: `value.items[3].callback`.
 *
 * A path is kept as steps while a value is written, since a text at every step would cost more than the writing.
 */

/** From a container to what it holds: a property, an index, or an entry of a Map or Set. Null stays where it is. */
export type Step = string | number | EntryStep | null;

/** To an entry of a Map or Set, which no syntax names. */
export class EntryStep {
  constructor(
    readonly kind: "key" | "value" | "member",
    readonly index: number,
    readonly key: unknown,
  ) {}

  toString(): string {
    if (this.kind === "member") return `[...$][${this.index}]`;
    if (this.kind === "key") return `[...$.keys()][${this.index}]`;
    const { key } = this;
    if (typeof key === "string") return `$.get(${JSON.stringify(key)})`;
    if (typeof key === "number" || typeof key === "boolean" || key == null) return `$.get(${String(key)})`;
    return `[...$.values()][${this.index}]`;
  }
}

/** Steps that a path shows at each end of a long one. */
const SHOWN_STEPS = 20;

/** The code for `steps` from `root`. */
export function pathOf(root: string, steps: readonly Step[]): string {
  let text = root;
  for (const [i, step] of steps.entries()) {
    if (i === SHOWN_STEPS && steps.length > 2 * SHOWN_STEPS) text += ` … (${steps.length - 2 * SHOWN_STEPS} more) … `;
    if (i >= SHOWN_STEPS && i < steps.length - SHOWN_STEPS) continue;
    if (step === null) continue;
    if (typeof step === "number") text += `[${step}]`;
    else if (typeof step !== "string") text = step.toString().replace("$", () => text);
    else if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(step)) text += `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}
