/**
 * A map with a limit: what was asked for least recently leaves first. For caches of compiled things.
 */
export class BoundedMap<K, V> {
  /** In the order of the last use: a Map keeps the order of insertion. */
  private readonly entries = new Map<K, V>();

  constructor(private readonly capacity: number) {}

  /** The value of `key`, made if it is not there. */
  get(key: K, make: () => V): V {
    const found = this.find(key);
    if (found !== undefined) return found;
    const value = make();
    if (this.entries.size >= this.capacity) this.entries.delete(this.entries.keys().next().value as K);
    this.entries.set(key, value);
    return value;
  }

  find(key: K): V | undefined {
    const value = this.entries.get(key);
    if (value === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, value);
    return value;
  }

  delete(key: K): void {
    this.entries.delete(key);
  }
}
