/** Where things in a block begin: at multiples of 16, as vectors and blocks do. */

export function align16(size: u32): u32 {
  return (size + 15) & ~15;
}
