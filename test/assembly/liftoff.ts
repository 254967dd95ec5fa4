/** The Liftoff trap itself: a wait amid locals that live across it. What futexWait is there to avoid. */
export function waitAmongLocals(word: usize, b: i32, c: i32): void {
  atomic.wait<i32>(word, 99, 0);
  store<i32>(word, b);
  store<i32>(word, c, 4);
  store<u32>(word, <u32>word, 8);
}
