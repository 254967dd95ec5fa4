/**
 * What becomes of an error that nobody caught in a thread. Python's `threading.excepthook`.
 *
 * The hook is called in the thread that failed, before `join` returns and while it is still alive. It is a target like a thread's: threads that are started from
 * here on, and those that they start, are given it. What is to reach other threads goes by the arguments that the hook is given beside the error.
 *
 * Role: any thread.
 */
import type { Thing } from "../sync/thing.js";
import { type AnyFunction, find, type Spec, specOf, type Target } from "./target.js";

/** A `Thread`, as a hook sees it. */
export interface FailedThread extends Thing {
  readonly name: string;
  readonly ident: number | null;
  readonly isAlive: boolean;
  readonly daemon: boolean;
}

/** What a hook is told. */
export interface HookArguments {
  readonly error: unknown;
  /** The thread that failed, which is the one that the hook runs on; its name and ident. */
  readonly thread: FailedThread;
  readonly name: string;
  readonly ident: number;
}

/** A hook as it travels. */
export interface Hook {
  readonly spec: Spec;
  readonly args: readonly unknown[];
}

let hook: Hook | null = null;

/**
 * Says what is to be called with an error that nobody caught in a thread that is started from here on. `null` for the usual report on the console.
 *
 * @param target a function that uses its arguments only, a task, a URL, or `{ url, export }`
 * @param args   what it is given besides: values that can travel, a queue for instance
 * @throws {ArgumentError} @throws {FunctionError}
 * @example
 *   const errors = new Queue<string>();
 *   setExcepthook(({ error, name }, errors) => errors.putSync(`${name} failed: ${error}`), errors);
 */
export function setExcepthook<A extends unknown[]>(
  target: Target<(details: HookArguments, ...args: A) => unknown> | null,
  ...args: A
): void {
  hook = target === null ? null : { spec: specOf(target), args };
}

/** The hook, as threads that are started from here get it. */
export function currentHook(): Hook | null {
  return hook;
}

/** In a new thread: the one that it was given. */
export function inheritHook(given: Hook | null): void {
  hook = given;
}

/** The usual report. */
function report({ error, name }: HookArguments): void {
  console.error(`Exception in thread ${name}:\n${textOf(error)}`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}

/** Reports an error by the hook that is in force when it is called. A hook that fails, or is not found, is reported in its turn. */
export async function callHook(details: HookArguments): Promise<void> {
  const set = hook;
  if (set === null) {
    report(details);
    return;
  }
  try {
    const call: AnyFunction = await find(set.spec);
    await call(details, ...set.args);
  } catch (error) {
    console.error(`Exception in excepthook of thread ${details.name}:\n${textOf(error)}`);
    report(details);
  }
}
