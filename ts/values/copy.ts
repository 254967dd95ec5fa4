/**
 * Copies of short stretches of bytes, by words: `set` needs a view of the stretch first, which takes longer than all of a short copy.
 *
 * Role: any thread.
 */

/** Bytes from which on the view is the smaller part. */
const LONG = 400;

const WORDS = Symbol("words");

/** An array with a view of it as words: it has it itself, so that nothing here keeps the memory of a context alive that was closed. */
interface WithWords extends Uint8Array {
  [WORDS]?: Int32Array;
}

function wordsOf(bytes: WithWords): Int32Array {
  bytes[WORDS] ??= new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
  return bytes[WORDS];
}

/** Copies source[from, from + count) to target[to, to + count); either may be shared memory. For arrays that are used again and again. */
export function copyBytes(source: Uint8Array, from: number, target: Uint8Array, to: number, count: number): void {
  if (count > LONG || (from | to | source.byteOffset | target.byteOffset) & 3) {
    target.set(source.subarray(from, from + count), to);
    return;
  }
  const reads = wordsOf(source);
  const writes = wordsOf(target);
  const whole = count >>> 2;
  const first = from >>> 2;
  const place = to >>> 2;
  for (let i = 0; i < whole; i++) writes[place + i] = reads[first + i]!;
  for (let i = whole << 2; i < count; i++) target[to + i] = source[from + i]!;
}
