/**
 * Output on its way: what a program writes goes through a queue in pieces, while it runs. So it is not lost when the program is ended by force, a program
 * that writes without end fills the memory of its caller alone, and one that writes faster than it is read waits.
 *
 *   piece    its first byte is the stream, 1 or 2; the rest is what was written
 *
 * Role: `pieces` on the thread that runs the program, `gather` on the one that has called `run`.
 */

/** Bytes of a piece, at most. */
const PIECE_MAXIMUM = 1 << 14;
/** Pieces in the queue at most: with the size of each, what a program can take of the shared memory. */
export const PIECES_MAXIMUM = 64;

export type Stream = 1 | 2;

export function* pieces(stream: Stream, bytes: Uint8Array): Generator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += PIECE_MAXIMUM) {
    const part = bytes.subarray(i, i + PIECE_MAXIMUM);
    const piece = new Uint8Array(1 + part.length);
    piece[0] = stream;
    piece.set(part, 1);
    yield piece;
  }
}

/** What was written to a stream, in one. */
export function gather(stream: Stream, all: readonly Uint8Array[]): Uint8Array {
  const parts = all.filter((piece) => piece[0] === stream).map((piece) => piece.subarray(1));
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}
