/** Histograms: buckets against the lengths that they stand for, percentiles against a sorted list. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ArgumentError } from "../../ts/errors.js";
import { BUCKETS, bucketOf, Histogram } from "../../ts/pool/histogram.js";

function histogramOf(times: readonly number[]): Histogram {
  const counts = new Uint32Array(BUCKETS);
  for (const time of times) counts[bucketOf(time)]!++;
  return new Histogram(counts);
}

const anyTime = fc.double({ min: 0, max: 1e9, noNaN: true });

test("puts each time where it belongs", () => {
  fc.assert(
    fc.property(anyTime, (time) => {
      const [bucket] = histogramOf([time]).buckets;
      // A bucket's edge may be rounded either way.
      return bucket !== undefined && time >= bucket.from * (1 - 1e-12) && time <= bucket.to * (1 + 1e-12);
    }),
  );
});

test("knows a percentile within a fifth", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1 }),
      fc.nat(100),
      (times, percent) => {
        const sorted = [...times].sort((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil((percent / 100) * times.length)) - 1]!;
        const got = histogramOf(times).percentile(percent);
        return got >= exact * (1 - 1e-12) && got <= exact * 1.19;
      },
    ),
  );
});

test("counts what no clock should say", () => {
  const histogram = histogramOf([-5, 0, Number.NaN, 1e12, Number.POSITIVE_INFINITY]);
  assert.is(histogram.count, 5);
  assert.equal(
    histogram.buckets.map(({ count }) => count),
    [3, 2],
  );
  assert.is(histogram.percentile(100), Number.POSITIVE_INFINITY);
});

test("is empty, and says so", () => {
  const histogram = histogramOf([]);
  assert.ok(Number.isNaN(histogram.percentile(50)));
  assert.equal(histogram.buckets, []);
  assert.is(String(histogramOf([1])), "Histogram { count: 1, median: 1.02, p99: 1.02 }");
});

test("refuses percentiles that are none", () => {
  for (const percent of [-1, 101, Number.NaN, "50" as unknown as number]) {
    assert.throws(
      () => histogramOf([1]).percentile(percent),
      (error: unknown) => error instanceof ArgumentError,
    );
  }
});

test.run();
