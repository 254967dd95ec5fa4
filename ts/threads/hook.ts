/**
 * What becomes of an error that nobody caught in a thread. Python's `threading.excepthook`.
 *
 * The hook is called in the thread that failed, before `join` returns and while it is still alive. It is a target like a thread's: threads that are started from
 * here on, and those that they start, are given it.
 *
 * Role: any thread.
 */
import type { AnyFunction, Spec, Target } from "./target.js";
import { specOf } from "./target.js";

/** What a hook is told. */
export interface HookArguments {
  readonly error: unknown;
  /** Name and ident of the thread. */
  readonly name: string;
  readonly ident: number;
}

let hook: Spec | null = null;

/**
 * Says what is to be called with an error that nobody caught in a thread that is started from here on. `null` for the usual report on the console.
 *
 * @param target a function that uses its argument only, or `{ url, export }`
 * @example
 *   setExcepthook(({ error, name }) => console.error(`${name} failed: ${error.message}`));
 */
export function setExcepthook(target: Target<(details: HookArguments) => unknown> | null): void {
  hook = target === null ? null : specOf(target);
}

/** The hook, as threads that are started from here get it. */
export function hookSpec(): Spec | null {
  return hook;
}

/** In a new thread: the one that it was given. */
export function inheritHook(spec: Spec | null): void {
  hook = spec;
}

/** The usual report. */
function report({ error, name }: HookArguments): void {
  console.error(`Exception in thread ${name}:\n${textOf(error)}`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}

/** Reports an error; a hook that fails is reported in its turn. */
export async function callHook(call: AnyFunction | null, details: HookArguments): Promise<void> {
  if (call === null) {
    report(details);
    return;
  }
  try {
    await call(details);
  } catch (error) {
    console.error(`Exception in excepthook of thread ${details.name}:\n${textOf(error)}`);
    report(details);
  }
}
