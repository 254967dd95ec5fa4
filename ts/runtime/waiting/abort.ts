/**
 * Hearing of an abort: one listener on each signal, however many calls share it.
 *
 * A signal for a hundred calls is a fair use of it, and Node prints a warning about a leak from the eleventh listener on.
 *
 * Role: one thread; nothing here is shared.
 */
const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `hear` once when `signal` is aborted. A signal that is aborted already says nothing more.
 *
 * @returns ends the listening; calling it again does nothing
 */
export function onAbort(signal: AbortSignal | undefined, hear: () => void): () => void {
  if (signal === undefined) return () => {};
  const group = listeners.get(signal) ?? listen(signal);
  group.add(hear);
  return () => {
    if (group.delete(hear) && group.size === 0) unlisten.get(group)?.();
  };
}

/** What takes a group's listener off its signal. */
const unlisten = new WeakMap<Set<() => void>, () => void>();

function listen(signal: AbortSignal): Set<() => void> {
  const group = new Set<() => void>();
  const end = (): void => {
    signal.removeEventListener("abort", tell);
    listeners.delete(signal);
  };
  const tell = (): void => {
    end();
    // A copy: who hears of it stops listening.
    for (const hear of [...group]) hear();
  };
  signal.addEventListener("abort", tell);
  listeners.set(signal, group);
  unlisten.set(group, end);
  return group;
}
