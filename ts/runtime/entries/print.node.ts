/**
 * What a thread prints, printed at once.
 *
 * Node hands what a worker writes to its parent's event loop, and that to the main thread's: it would come after lines that the program prints later, not at all while the main thread is blocked, and
 * be lost with a thread that is ended. In Python, and here, who joins a thread finds all that it printed on the console.
 *
 * Role: a worker that runs the user's functions, before it runs any.
 */
import { writeSync } from "node:fs";
import type { Writable } from "node:stream";

/** Milliseconds between two tries to write to a pipe that is full. */
const PAUSE = 1;

/** Makes `console`, `process.stdout` and `process.stderr` of this thread write to the process's own. */
export function printAtOnce(): void {
  redirect(process.stdout, 1);
  redirect(process.stderr, 2);
}

function redirect(stream: Writable & { readonly fd?: number }, fd: number): void {
  // It writes by itself: in Deno, and Bun.
  if (stream.fd !== undefined) return;
  const write: Writable["_write"] = (chunk: string | Uint8Array, encoding, done) => {
    try {
      writeAll(fd, typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk);
      done();
    } catch (error) {
      done(error as Error);
    }
  };
  // `_writev` is the one that workers have, and would be preferred.
  Object.assign(stream, { _write: write, _writev: null });
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      // Somebody made the pipe one that does not wait, and its reader is slow.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}
