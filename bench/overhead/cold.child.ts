/** A process that uses Heddle once and ends. Arguments: threads, points. Prints a `ColdStart` as JSON. */
export interface ColdStart {
  /** Milliseconds to import the library. */
  readonly load: number;
  /** Milliseconds from the first call to its result: workers started, integrand compiled. */
  readonly first: number;
}

const [threads, points] = process.argv.slice(2).map(Number) as [number, number];
const begun = performance.now();
const { integrate } = await import("heddle");
const loaded = performance.now();
await integrate("x^2", 0, 10, { points, threads });
const cold: ColdStart = { load: loaded - begun, first: performance.now() - loaded };
console.log(JSON.stringify(cold));
