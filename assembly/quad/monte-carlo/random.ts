/**
 * Random numbers by their index: number i of stream s of a seed, whatever was asked for before. So any thread can compute any part of a sample.
 *
 *   key = mix(seed + (s + 1) g)     number i = mix(key + (i + 1) g)     modulo 2^64, g = 2^64 times the golden section
 *
 * A stream's numbers are those of SplitMix64 with the seed `key`.
 *
 * Source: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014; its constants are D. Stafford's variant 13 of
 *         the finalizer of MurmurHash3.
 * Role:   any thread.
 */

const GOLDEN: u64 = 0x9e3779b97f4a7c15;

// @ts-ignore: decorator
@inline
function mix(value: u64): u64 {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

/** What tells streams apart. */
export function keyOf(seed: u64, stream: u64): u64 {
  return mix(seed + (stream + 1) * GOLDEN);
}

/** Number `index` of a stream. */
// @ts-ignore: decorator
@inline
export function randomOf(key: u64, index: u64): u64 {
  return mix(key + (index + 1) * GOLDEN);
}

/** Two neighbouring numbers of a stream, in two lanes. */
// @ts-ignore: decorator
@inline
export function randomPair(key: u64, index: u64): v128 {
  let value = i64x2.add(i64x2.splat(key + (index + 1) * GOLDEN), i64x2(0, GOLDEN));
  value = i64x2.mul(v128.xor(value, i64x2.shr_u(value, 30)), i64x2.splat(0xbf58476d1ce4e5b9));
  value = i64x2.mul(v128.xor(value, i64x2.shr_u(value, 27)), i64x2.splat(0x94d049bb133111eb));
  return v128.xor(value, i64x2.shr_u(value, 31));
}
