/** What goes between the thread that kills and those that are killed. */
import type { Handle, Share } from "../../ts/index.js";
import type { Books } from "./ledger.js";

/** How a life ends. From outside, at any moment; or by what its own code does, at a moment that it counts down to. */
export type Ending =
  | { readonly how: "terminate" }
  /** Ends its own thread, or throws what nobody catches, between two operations. */
  | { readonly how: "exit" | "throw"; readonly after: number }
  /** Ends its own thread in the middle of an operation: while it reads an item whose bytes are in its hand, with the rest of a wait still to come … */
  | { readonly how: "inside"; readonly after: number };

/** What a new thread is to do. */
export interface Order {
  /** Where the library is: what `import` takes. */
  readonly library: string;
  readonly share: Share;
  readonly load: string;
  readonly handles: Readonly<Record<string, Handle>>;
  /** What else the load wants to know. */
  readonly plan: unknown;
  readonly books: Books;
  readonly life: number;
  readonly seed: number;
  readonly ending: Ending;
}

export type Message =
  | { readonly kind: "ready" }
  | { readonly kind: "over" }
  /** Its end by its own hand, where the engine does not tell of that. */
  | { readonly kind: "dying" }
  /** Something is wrong that a thread saw. */
  | { readonly kind: "finding"; readonly text: string };
