/**
 * Copies of short stretches of bytes, by words: `set` needs a view of the stretch first, which takes longer than all of a short copy.
 *
 * Role: any thread.
 */

/** Bytes from which on the view is the smaller part. */
const LONG = 400;

/** An array's words: of the one that was asked for last, as most calls ask for the same again. */
class LastWords {
  private bytes: Uint8Array | null = null;
  private words: Int32Array = new Int32Array(0);

  of(bytes: Uint8Array): Int32Array {
    if (bytes !== this.bytes) {
      this.words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
      this.bytes = bytes;
    }
    return this.words;
  }
}

const sources = new LastWords();
const targets = new LastWords();

/** Copies source[from, from + count) to target[to, to + count); either may be shared memory. For arrays that are used again and again. */
export function copyBytes(source: Uint8Array, from: number, target: Uint8Array, to: number, count: number): void {
  if (count > LONG || (from | to | source.byteOffset | target.byteOffset) & 3) {
    target.set(source.subarray(from, from + count), to);
    return;
  }
  const reads = sources.of(source);
  const writes = targets.of(target);
  const whole = count >>> 2;
  const first = from >>> 2;
  const place = to >>> 2;
  for (let i = 0; i < whole; i++) writes[place + i] = reads[first + i]!;
  for (let i = whole << 2; i < count; i++) target[to + i] = source[from + i]!;
}
