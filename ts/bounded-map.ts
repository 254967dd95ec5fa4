/**
 * A map with a limit: what was asked for least recently leaves first. For caches of compiled things.
 */
export class BoundedMap<K, V> {
  /** In the order of the last use: a Map keeps the order of insertion. */
  private readonly entries = new Map<K, V>();
  /** The entry that was used last, which stands last: what is asked for again and again costs no more than a comparison. */
  private last: { readonly key: K; readonly value: V } | undefined;

  constructor(private readonly capacity: number) {}

  /** The value of `key`, made if it is not there. */
  get(key: K, make: () => V): V {
    const found = this.find(key);
    if (found !== undefined) return found;
    const value = make();
    this.set(key, value);
    return value;
  }

  set(key: K, value: V): void {
    this.entries.delete(key);
    if (this.entries.size >= this.capacity) this.entries.delete(this.entries.keys().next().value as K);
    this.entries.set(key, value);
    this.last = { key, value };
  }

  find(key: K): V | undefined {
    if (this.last !== undefined && this.last.key === key) return this.last.value;
    const value = this.entries.get(key);
    if (value === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, value);
    this.last = { key, value };
    return value;
  }

  delete(key: K): void {
    if (this.last?.key === key) this.last = undefined;
    this.entries.delete(key);
  }
}
