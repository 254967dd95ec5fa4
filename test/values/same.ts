/**
 * Are two values the same, one made from the other? Nothing of Node, so that pages can use it.
 *
 * Stricter than deep equality as most know it: prototypes, holes, -0, the order of properties and of entries, what is
 * enumerable in errors; and wherever one side meets an object again, the other meets its twin again.
 */

/** A sentence on the first difference, or null. */
export function difference(got: unknown, wanted: unknown): string | null {
  const twins = new Map<object, object>();
  // A list of what is still to be compared, rather than a recursion: some values are 100,000 levels deep.
  const pending: [path: string, got: unknown, wanted: unknown][] = [["value", got, wanted]];
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    const [path, a, b] = item;
    if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) {
      if (!Object.is(a, b)) return `${path} is ${show(a)}, not ${show(b)}`;
      continue;
    }
    if (a === b) return `${path} is the very same object`;
    const twin = twins.get(b);
    if (twin !== undefined) {
      if (twin !== a) return `${path} should be an object that came before`;
      continue;
    }
    twins.set(b, a);
    const complaint = compareObjects(a, b);
    if (complaint !== null) return `${path}${complaint}`;
    for (const [step, x, y] of parts(a, b)) pending.push([path.length < 200 ? path + step : path, x, y]);
  }
  const distinct = new Set(twins.values());
  return distinct.size === twins.size ? null : "two objects arrived as one";
}

function compareObjects(a: object, b: object): string | null {
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return " has another prototype";
  const keysOfA = keysOf(a);
  const keysOfB = keysOf(b);
  if (keysOfA.join() !== keysOfB.join()) return ` has the keys ${keysOfA}, not ${keysOfB}`;
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return " has another length";
  if (a instanceof Map && a.size !== (b as Map<unknown, unknown>).size) return " has another size";
  if (a instanceof Set && a.size !== (b as Set<unknown>).size) return " has another size";
  if (a instanceof Date && !Object.is(a.getTime(), (b as Date).getTime())) return " is another time";
  if (a instanceof RegExp && String(a) !== String(b)) return " is another expression";
  if (isBoxed(a) && !Object.is(a.valueOf(), b.valueOf())) return " is another primitive";
  const bytesOfA = bytesOf(a);
  const bytesOfB = bytesOf(b);
  if (bytesOfA?.join() !== bytesOfB?.join()) return " has other bytes";
  return null;
}

/** Own keys, with a mark for those that are not enumerable. Elements of typed arrays are compared as bytes. */
function keysOf(value: object): string[] {
  if (ArrayBuffer.isView(value) || value instanceof String) return [];
  const keys = Object.getOwnPropertyNames(value);
  const marked = keys.map((key) => (Object.prototype.propertyIsEnumerable.call(value, key) ? key : `(${key})`));
  // An error's constructor decides when its own fields begin.
  return value instanceof Error ? marked.sort() : marked;
}

function isBoxed(value: object): boolean {
  return [Number, String, Boolean, BigInt].some((Class) => value instanceof (Class as unknown as DateConstructor));
}

function bytesOf(value: object): Uint8Array | null {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : null;
}

function* parts(a: object, b: object): Generator<[string, unknown, unknown]> {
  if (ArrayBuffer.isView(a) || isBoxed(a)) return;
  for (const key of Object.getOwnPropertyNames(b)) {
    if (key !== "length") yield [`.${key}`, Reflect.get(a, key), Reflect.get(b, key)];
  }
  if (!(a instanceof Map || a instanceof Set)) return;
  const others = [...(b as Map<unknown, unknown>).entries()];
  for (const [i, [key, item]] of [...a.entries()].entries()) {
    yield [`(key ${i})`, key, others[i]![0]];
    yield [`(item ${i})`, item, others[i]![1]];
  }
}

function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : Object.is(value, -0) ? "-0" : String(value);
}
