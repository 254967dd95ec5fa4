/** Programs for tests of `run`, written by hand: WASI commands that need no compiler but wabt. */
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assemble } from "../wasm/wat.js";

/**
 * A program of many talents: the first letter of its first argument says which.
 *
 *   a  prints its arguments, a line each         u  reaches `unreachable`
 *   e  prints its environment, a line each       d  divides by zero
 *   c  copies its input to its output            o  reads beyond its memory
 *   x  exits with the number behind the letter   r  calls itself without end
 *   w  writes "out" to 1, "err" to 2             l  prints "before", and loops without end
 *   m  writes 1 MiB in one piece                 y  writes without end, 9200 bytes each time
 *   s  sleeps 20 ms; exits with 10 × events + their userdata
 *   p  waits for an hour or for its input; the same
 *   f  copies in.txt to out.txt, twice; exits with an error's number
 *   n  just returns
 */
const TOOL = `
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $environ_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 24)
  (data (i32.const 64) "out.txt")
  (data (i32.const 80) "in.txt")
  (data (i32.const 96) "before\\0aouterr")

  ;; 0: a vector, 8: a count; 16, 20: sizes; 1024: pointers to texts; 4096: texts; 65536: data
  (func $write (param $fd i32) (param $at i32) (param $length i32)
    (i32.store (i32.const 0) (local.get $at))
    (i32.store (i32.const 4) (local.get $length))
    (drop (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))))

  (func $read (param $fd i32) (result i32)
    (i32.store (i32.const 0) (i32.const 65536))
    (i32.store (i32.const 4) (i32.const 65536))
    (drop (call $fd_read (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))
    (i32.load (i32.const 8)))

  (func $args
    (drop (call $args_sizes_get (i32.const 16) (i32.const 20)))
    (drop (call $args_get (i32.const 1024) (i32.const 4096))))

  (func $print_texts (local $i i32)
    (block $end
      (loop $next
        (br_if $end (i32.eq (local.get $i) (i32.load (i32.const 20))))
        (if (i32.eqz (i32.load8_u offset=4096 (local.get $i)))
          (then (i32.store8 offset=4096 (local.get $i) (i32.const 10))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))
    (call $write (i32.const 1) (i32.const 4096) (i32.load (i32.const 20))))

  (func $number (param $at i32) (result i32) (local $n i32)
    (loop $next
      (if (i32.load8_u (local.get $at))
        (then
          (local.set $n
            (i32.add
              (i32.mul (local.get $n) (i32.const 10))
              (i32.sub (i32.load8_u (local.get $at)) (i32.const 48))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $next))))
    (local.get $n))

  (func $clock (param $nanoseconds i64)
    (i64.store (i32.const 200) (i64.const 7))
    (i32.store8 (i32.const 208) (i32.const 0))
    (i32.store (i32.const 216) (i32.const 1))
    (i64.store (i32.const 224) (local.get $nanoseconds)))

  (func $poll (param $count i32)
    (i32.store (i32.const 8) (i32.const 77))
    (if (call $poll_oneoff (i32.const 200) (i32.const 400) (local.get $count) (i32.const 8))
      (then (unreachable)))
    (call $proc_exit
      (i32.add (i32.mul (i32.const 10) (i32.load (i32.const 8))) (i32.wrap_i64 (i64.load (i32.const 400))))))

  (func $open (param $name i32) (param $length i32) (param $flags i32) (result i32) (local $error i32)
    (local.set $error
      (call $path_open (i32.const 3) (i32.const 0) (local.get $name) (local.get $length) (local.get $flags)
        (i64.const -1) (i64.const -1) (i32.const 0) (i32.const 12)))
    (if (local.get $error) (then (call $proc_exit (local.get $error))))
    (i32.load (i32.const 12)))

  (func $copy_file (local $from i32) (local $to i32) (local $length i32)
    (local.set $from (call $open (i32.const 80) (i32.const 6) (i32.const 0)))
    (local.set $to (call $open (i32.const 64) (i32.const 7) (i32.const 1)))
    (local.set $length (call $read (local.get $from)))
    (call $write (local.get $to) (i32.const 65536) (local.get $length))
    (call $write (local.get $to) (i32.const 65536) (local.get $length)))

  (func $cat (local $length i32)
    (loop $next
      (local.set $length (call $read (i32.const 0)))
      (if (local.get $length)
        (then
          (call $write (i32.const 1) (i32.const 65536) (local.get $length))
          (br $next)))))

  (func $deep (param $i i32) (result i32)
    (i32.add (call $deep (i32.add (local.get $i) (i32.const 1))) (local.get $i)))

  (func $fill (local $i i32)
    (loop $next
      (i32.store8 offset=65536 (local.get $i) (i32.add (i32.const 65) (i32.rem_u (local.get $i) (i32.const 23))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 1048576)))))

  (func (export "_start") (local $letter i32) (local $at i32)
    (call $args)
    (local.set $at (i32.load (i32.const 1028)))
    (local.set $letter (i32.load8_u (local.get $at)))
    (if (i32.eq (local.get $letter) (i32.const 97)) (then (call $print_texts)))
    (if (i32.eq (local.get $letter) (i32.const 99)) (then (call $cat)))
    (if (i32.eq (local.get $letter) (i32.const 100)) (then (drop (i32.div_u (i32.const 1) (i32.load (i32.const 500))))))
    (if (i32.eq (local.get $letter) (i32.const 101))
      (then
        (drop (call $environ_sizes_get (i32.const 16) (i32.const 20)))
        (drop (call $environ_get (i32.const 1024) (i32.const 4096)))
        (call $print_texts)))
    (if (i32.eq (local.get $letter) (i32.const 102)) (then (call $copy_file)))
    (if (i32.eq (local.get $letter) (i32.const 108))
      (then (call $write (i32.const 1) (i32.const 96) (i32.const 7)) (loop $ever (br $ever))))
    (if (i32.eq (local.get $letter) (i32.const 109))
      (then (call $fill) (call $write (i32.const 1) (i32.const 65536) (i32.const 1048576))))
    (if (i32.eq (local.get $letter) (i32.const 111)) (then (drop (i32.load (i32.const -8)))))
    (if (i32.eq (local.get $letter) (i32.const 112))
      (then
        (call $clock (i64.const 3600000000000))
        (i64.store (i32.const 248) (i64.const 5))
        (i32.store8 (i32.const 256) (i32.const 1))
        (call $poll (i32.const 2))))
    (if (i32.eq (local.get $letter) (i32.const 114)) (then (drop (call $deep (i32.const 0)))))
    (if (i32.eq (local.get $letter) (i32.const 115)) (then (call $clock (i64.const 20000000)) (call $poll (i32.const 1))))
    (if (i32.eq (local.get $letter) (i32.const 117)) (then (unreachable)))
    (if (i32.eq (local.get $letter) (i32.const 119))
      (then
        (call $write (i32.const 1) (i32.const 103) (i32.const 3))
        (call $write (i32.const 2) (i32.const 106) (i32.const 3))))
    (if (i32.eq (local.get $letter) (i32.const 120))
      (then (call $proc_exit (call $number (i32.add (local.get $at) (i32.const 1))))))
    (if (i32.eq (local.get $letter) (i32.const 121))
      (then
        (call $fill)
        (loop $ever (call $write (i32.const 1) (i32.const 65536) (i32.const 9200)) (br $ever))))))
`;

/** What a tool writes for "m". */
export const MEBIBYTE = "ABCDEFGHIJKLMNOPQRSTUVW".repeat(50_000).slice(0, 1 << 20);

/** By file name. Most of them are not fit to be run. */
const PROGRAMS: Readonly<Record<string, Uint8Array>> = {
  "tool.wasm": await assemble(TOOL),
  "text.wasm": new TextEncoder().encode("int main() { return 0; }"),
  "library.wasm": await assemble('(module (func (export "_initialize")))'),
  "empty.wasm": await assemble("(module)"),
  "foreign.wasm": await assemble(
    '(module (import "env" "alert" (func (param i32))) (import "wasi_snapshot_preview1" "fd_fly" (func)) (func (export "_start")))',
  ),
  "hidden.wasm": await assemble(
    '(module (import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32))) (memory 1) (func (export "_start")))',
  ),
  "component.wasm": Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0),
};

/** A folder with the programs, and what is in build/, for servers; its end removes it. */
export function programs(): { readonly folder: string; end(): void } {
  const folder = mkdtempSync(join(tmpdir(), "heddle-programs-"));
  for (const [name, bytes] of Object.entries(PROGRAMS)) writeFileSync(join(folder, name), bytes);
  for (const name of readdirSync("build").filter((name) => /\.(js|map)$/.test(name))) {
    symlinkSync(join(process.cwd(), "build", name), join(folder, name));
  }
  return { folder, end: () => rmSync(folder, { recursive: true }) };
}
