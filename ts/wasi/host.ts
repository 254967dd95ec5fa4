/**
 * The host of a program: WASI preview 1, by @bjorn3/browser_wasi_shim, with what that lacks.
 *
 * Role: the thread that runs the program.
 */
import { Directory, Fd, File, type Inode, OpenFile, PreopenDirectory, WASI, wasi } from "@bjorn3/browser_wasi_shim";
import { WASI_PREVIEW_1 } from "./modules.js";
import type { Stream } from "./output.js";
import { pollOneoff } from "./poll.js";
import type { FileList, ProgramRequest } from "./request.js";

/** Standard output or error: a pipe, so that a program does not take it for a terminal, and need not end each line by a write. */
class Output extends Fd {
  constructor(private readonly write: (bytes: Uint8Array) => void) {
    super();
  }

  override fd_write(data: Uint8Array): { ret: number; nwritten: number } {
    this.write(data);
    return { ret: wasi.ERRNO_SUCCESS, nwritten: data.byteLength };
  }

  override fd_fdstat_get(): { ret: number; fdstat: wasi.Fdstat } {
    const fdstat = new wasi.Fdstat(wasi.FILETYPE_UNKNOWN, 0);
    fdstat.fs_rights_base = BigInt(wasi.RIGHTS_FD_WRITE);
    return { ret: wasi.ERRNO_SUCCESS, fdstat };
  }

  override fd_filestat_get(): { ret: number; filestat: wasi.Filestat } {
    return { ret: wasi.ERRNO_SUCCESS, filestat: new wasi.Filestat(0n, wasi.FILETYPE_UNKNOWN, 0n) };
  }

  override fd_seek(): { ret: number; offset: bigint } {
    return { ret: wasi.ERRNO_SPIPE, offset: 0n };
  }
}

/** Whether WASI has a function of this name here. */
export function isKnown(name: string): boolean {
  return name in new WASI([], [], [], { debug: false }).wasiImport;
}

export class Host {
  private readonly shim: WASI;
  private readonly root: Directory | null;
  private readonly given: FileList;
  private failure: { readonly error: unknown } | null = null;

  /** @param write takes what the program writes; what it throws ends the program */
  constructor(
    { args, env, stdin, files }: ProgramRequest,
    private readonly write: (stream: Stream, bytes: Uint8Array) => void,
  ) {
    this.given = files ?? [];
    const root = files === null ? null : new PreopenDirectory("/", new Map());
    this.root = root?.dir ?? null;
    for (const [path, bytes] of this.given) place(root!.dir, path, bytes.slice());
    const standard = [new OpenFile(new File(stdin, { readonly: true })), this.output(1), this.output(2)];
    this.shim = new WASI([...args], [...env], root === null ? standard : [...standard, root], { debug: false });
    const length = args.reduce((sum, arg) => sum + new TextEncoder().encode(arg).length + 1, 0);
    Object.assign(this.shim.wasiImport, {
      // The shim counts UTF-16 units, and would write what is not ASCII beyond the end.
      args_sizes_get: (countAt: number, lengthAt: number): number => {
        const view = new DataView(this.memory.buffer);
        view.setUint32(countAt, args.length, true);
        view.setUint32(lengthAt, length, true);
        return wasi.ERRNO_SUCCESS;
      },
      poll_oneoff: (from: number, to: number, count: number, eventsAt: number): number =>
        pollOneoff(this.memory, from, to, count, eventsAt),
    });
  }

  /**
   * Runs the program to its end.
   *
   * @returns its exit code, an unsigned number of 32 bits
   * @throws what has ended it: a trap, as the engine throws it
   */
  start(module: WebAssembly.Module): number {
    const instance = new WebAssembly.Instance(module, { [WASI_PREVIEW_1]: this.shim.wasiImport });
    return this.shim.start(instance as Parameters<WASI["start"]>[0]) >>> 0;
  }

  /** Throws again what `write` threw, if it did: that is no trap of the program. */
  assertWritten(): void {
    if (this.failure !== null) throw this.failure.error;
  }

  /** Files that are new, or not as they were. */
  changes(): FileList {
    if (this.root === null) return [];
    const before = new Map(this.given);
    return [...list(this.root, "")].filter(([path, bytes]) => !isSame(bytes, before.get(path)));
  }

  private get memory(): WebAssembly.Memory {
    return this.shim.inst.exports.memory;
  }

  private output(stream: Stream): Output {
    return new Output((bytes) => {
      try {
        this.write(stream, bytes);
      } catch (error) {
        this.failure ??= { error };
        throw error;
      }
    });
  }
}

function place(root: Directory, path: string, bytes: Uint8Array): void {
  const names = path.split("/");
  const last = names.pop()!;
  let directory = root;
  for (const name of names) {
    let next = directory.contents.get(name);
    if (next === undefined) {
      next = new Directory(new Map());
      directory.contents.set(name, next);
    }
    directory = next as Directory;
  }
  directory.contents.set(last, new File(bytes));
}

function* list({ contents }: Directory, before: string): Generator<[path: string, bytes: Uint8Array]> {
  for (const [name, entry] of contents as ReadonlyMap<string, Inode>) {
    if (entry instanceof Directory) yield* list(entry, `${before}${name}/`);
    else if (entry instanceof File) yield [before + name, entry.data];
  }
}

function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i]);
}
