/**
 * The shipped instructions with a step before every access to shared memory, for threads that take turns on one thread of JavaScript.
 *
 * Source: own. The decoder and encoder are those of the splicer (ts/wasm).
 *
 * Each access becomes a call of a function of its own, its *site* (sites.ts):
 *
 *   i32.store offset=8   ->   call $site_57          $site_57 (address, value):  before(57, address + 8)
 *                                                                                i32.store offset=8 address value
 *                                                                                after()
 *
 * `before` writes a record of the step into the trace, which lies behind the program's part of the memory, and stops there when the
 * scheduler wants to be asked: only then is JavaScript called. A step that goes on costs a few nanoseconds, a switch 0.1 microseconds.
 *
 *   trace +  0   step       number of the next step        trace + 64 + 32 n   record of step n
 *         +  4   stop       the step to ask before                          0   site
 *         +  8   patience   rounds of loops left                            4   address
 *                                                                           8   the two words at (address & ~3) before
 *                                                                          16   the same after (what a load leaves out)
 *                                                                          24   thread
 *                                                                          28   result of a wait or wake; number of the bulk; which half of a torn change
 *
 * The memory is not shared, because nobody else is there; whatever sleeps is handed to the scheduler.
 */
import { encode } from "../../ts/wasm/encode.js";
import type { Func, FunctionType, Instruction, Module, ValueType } from "../../ts/wasm/module.js";
import { relocate } from "../../ts/wasm/relocate.js";
import { offsetOf, type Site } from "./sites.js";

/** Byte offsets from the start of the trace. */
export const STEP = 0;
export const STOP = 4;
export const PATIENCE = 8;
export const RECORDS = 64;

/** log2 of the bytes of a record, and the words in it. */
export const RECORD_SHIFT = 5;
export const RECORD = { site: 0, address: 1, before: 2, after: 4, thread: 6, result: 7 } as const;

/** Results of a `wait`: it sleeps for ever, for a while, or not at all. How the sleep ends is the result of `woken`. */
export const SLEEPS = -1;
export const SLEEPS_A_WHILE = -2;
export const NOT_EQUAL = 1;

/** Results of a change that is torn in two. */
export const ONLY_READS = 1;
export const ONLY_WRITES = 2;

/**
 * One thing that is done otherwise at one site.
 *
 *   removed   a store stores nothing, a change changes nothing, a notify wakes nobody
 *   torn      an atomic change is a load and a store, with a step in between
 *   unseen    a wait does not compare: it sleeps whatever the word holds
 *   always, never   a branch is taken, or not, whatever its condition says; a select takes its first, or its second
 */
export interface Mutation {
  readonly site: number;
  readonly change: "removed" | "torn" | "unseen" | "always" | "never";
}

/** What an instance imports besides its memory, all of module "test". */
export interface TestImports {
  readonly trace: number;
  readonly thread: number;
  pause(): unknown;
  wait(address: number, expected: number, timeoutNs: bigint): unknown;
  wake(address: number, count: number): number;
  /** Before and after many bytes are written, or many are read at once (`to` is then where from). */
  bulk(to: number, from: number, bytes: number): void;
  bulkDone(): void;
  runaway(): void;
}

const VOID: FunctionType = { parameters: [], results: [] };
const IMPORTS: Readonly<Record<string, FunctionType>> = {
  pause: VOID,
  wait: { parameters: ["i32", "i32", "i64"], results: ["i32"] },
  wake: { parameters: ["i32", "i32"], results: ["i32"] },
  bulk: { parameters: ["i32", "i32", "i32"], results: [] },
  bulkDone: VOID,
  runaway: VOID,
};

/** Exported mutable globals of the module itself: "test.global.0" and so on. What an instance knows lies there. */
export const GLOBAL = "test.global.";

/**
 * @param module    what `sites` belong to
 * @param mutation  what to do otherwise; nothing by default
 * @returns bytes of a module that imports `TestImports`
 */
export function instrument(module: Module, sites: readonly Site[], mutation?: Mutation): Uint8Array<ArrayBuffer> {
  return encode(new Instrument(module, mutation).all(sites));
}

class Instrument {
  private readonly types: FunctionType[];
  private readonly added: Func[] = [];
  private readonly functionImports: number;
  private readonly globalImports: number;
  private readonly names = Object.keys(IMPORTS);
  /** Functions of ours by what they do. */
  private readonly before: number;
  private readonly after: number;
  private readonly tick: number;

  constructor(
    private readonly module: Module,
    private readonly mutation: Mutation | undefined,
  ) {
    this.types = [...module.types];
    this.functionImports = module.imports.filter(({ kind }) => kind === "function").length;
    this.globalImports = module.imports.filter(({ kind }) => kind === "global").length;
    this.before = this.add({ parameters: ["i32", "i32"], results: [] }, ["i32", "i32"], this.beforeBody());
    this.after = this.add(VOID, ["i32", "i32"], this.afterBody());
    this.tick = this.add(VOID, [], this.tickBody());
  }

  all(sites: readonly Site[]): Module {
    const { module } = this;
    const bodies = module.functions.map(({ body }) => [...body]);
    for (const site of sites) {
      const body = bodies[site.function - this.functionImports];
      // The second half of a wait is part of its first.
      if (body === undefined || site.kind === "woken") continue;
      const original = body[site.instruction] as Instruction;
      body[site.instruction] =
        site.kind === "branch"
          ? original
          : ["call", this.add(site.type, this.localsOf(site), this.siteBody(site, original))];
    }
    const functions = module.functions.map((func, index) => ({
      ...func,
      body: this.finish(func, bodies[index] ?? [], index, sites),
    }));
    return {
      ...module,
      types: this.types,
      imports: this.imports(),
      functions: [...functions, ...this.added],
      globals: module.globals.map((global) => ({ ...global, init: global.init.map((each) => this.moved(each)) })),
      exports: this.exports(),
      elements: module.elements.map(({ offset, functions: listed }) => ({
        offset: offset.map((each) => this.moved(each)),
        functions: listed.map((index) => this.movedFunction(index)),
      })),
      ...(module.start === undefined ? {} : { start: this.movedFunction(module.start) }),
    };
  }

  /** A body with its indices moved, its loops counted, and a mutated branch in it. */
  private finish(func: Func, body: readonly Instruction[], index: number, sites: readonly Site[]): Instruction[] {
    const mutated = this.mutation === undefined ? undefined : sites[this.mutation.site];
    const isHere = mutated?.kind === "branch" && mutated.function === index + this.functionImports;
    return body.flatMap((each, position) => {
      // Calls of ours have their final index already; those of the module are moved.
      const isOurs = each !== func.body[position];
      const moved = isOurs ? each : this.moved(each);
      if (moved[0] === "loop") return [moved, ["call", this.tick]];
      if (isHere && mutated.instruction === position)
        return [["drop"], constant(this.mutation?.change === "always" ? 1 : 0), moved];
      return [moved];
    });
  }

  private imports(): Module["imports"] {
    // Not shared: threads take turns on one thread. And as large as the host makes it, for the trace.
    const given = this.module.imports.map((each) =>
      each.kind === "memory" ? { ...each, limits: { minimum: 1 } } : each,
    );
    const functions = Object.entries(IMPORTS).map(([name, type]) => ({
      ...{ module: "test", name, kind: "function" as const, type: this.typeIndex(type) },
    }));
    const global = { module: "test", kind: "global" as const, type: "i32" as const, mutable: false };
    return [...given, ...functions, { ...global, name: "trace" }, { ...global, name: "thread" }];
  }

  private exports(): Module["exports"] {
    const given = this.module.exports.map((each) => {
      if (each.kind === "function") return { ...each, index: this.movedFunction(each.index) };
      return each.kind === "global" ? { ...each, index: this.movedGlobal(each.index) } : each;
    });
    const globals = this.module.globals.flatMap(({ mutable }, index) =>
      mutable
        ? [{ name: `${GLOBAL}${index}`, kind: "global" as const, index: this.movedGlobal(this.globalImports + index) }]
        : [],
    );
    return [...given, ...globals];
  }

  /** What stands at a site. Its parameters are the instruction's operands. */
  private siteBody(site: Site, original: Instruction): Instruction[] {
    const operands = site.type.parameters.map((_, index): Instruction => ["local.get", index]);
    const change = this.mutation?.site === site.number ? this.mutation.change : undefined;
    const step: Instruction[] = [constant(site.number), ...this.effective(original), ["call", this.before]];
    if (site.kind === "wait") return [...step, ...this.sleep(site, original, change === "unseen"), ["end"]];
    if (site.kind === "notify") return [...step, ...this.wake(original, change === "removed"), ["end"]];
    if (change === "removed") return [...step, ...this.nothing(site, original), ["call", this.after], ["end"]];
    if (change === "torn") return [...step, ...this.torn(site, original), ["end"]];
    if (site.kind === "fill" || site.kind === "copy") {
      const from: Instruction = site.kind === "copy" ? ["local.get", 1] : ["local.get", 0];
      return [...step, ["local.get", 0], from, ["local.get", 2], ...this.bulk([...operands, original]), ["end"]];
    }
    if (site.bytes > 8) {
      const range: Instruction[] = [...this.effective(original), ...this.effective(original), constant(site.bytes)];
      return [...step, ...range, ...this.bulk([...operands, original]), ["end"]];
    }
    return [...step, ...operands, original, ...(site.kind === "load" ? [] : [["call", this.after] as const]), ["end"]];
  }

  /** Locals that a site's function has besides its parameters. */
  private localsOf({ kind, type }: Site): ValueType[] {
    return kind === "change" ? [type.results[0] as ValueType] : kind === "wait" || kind === "notify" ? ["i32"] : [];
  }

  private effective(original: Instruction): Instruction[] {
    return [["local.get", 0], constant(offsetOf(original)), ["i32.add"]];
  }

  private bulk(does: Instruction[]): Instruction[] {
    return [this.imported("bulk"), ...does, this.imported("bulkDone")];
  }

  /** A wait: compares itself, so that JavaScript is only called when the thread really sleeps. */
  private sleep(site: Site, original: Instruction, unseen: boolean): Instruction[] {
    const word: Instruction[] = [...this.effective(original), ["i32.load", { align: 0, offset: 0 }]];
    const differs: Instruction[] = unseen ? [constant(0)] : [...word, ["local.get", 1], ["i32.ne"]];
    return [
      ...differs,
      ["if", "empty"],
      ...this.setResult([constant(NOT_EQUAL)]),
      constant(NOT_EQUAL),
      ["return"],
      ["end"],
      ...this.setResult([
        ...[constant(SLEEPS), constant(SLEEPS_A_WHILE), ["local.get", 2] as const],
        ...[["i64.const", 0n] as const, ["i64.lt_s"] as const, ["select"] as const],
      ]),
      ...this.effective(original),
      ["local.get", 1],
      ["local.get", 2],
      this.imported("wait"),
      ["local.set", 3],
      constant(site.number + 1),
      ...this.effective(original),
      ["call", this.before],
      ...this.setResult([["local.get", 3]]),
      ["local.get", 3],
    ];
  }

  private wake(original: Instruction, removed: boolean): Instruction[] {
    if (removed) return [constant(0)];
    const woken: Instruction[] = [
      ...this.effective(original),
      ["local.get", 1],
      this.imported("wake"),
      ["local.set", 2],
    ];
    return [...woken, ...this.setResult([["local.get", 2]]), ["local.get", 2]];
  }

  /** A change that only reads, a store that does nothing. */
  private nothing({ kind }: Site, original: Instruction): Instruction[] {
    if (kind !== "change") return [];
    const load = original[0].replace(/rmw(\d*)\.\w+?(_u)?$/, "load$1$2");
    return [
      ["local.get", 0],
      [load, original[1] ?? 0],
    ];
  }

  /** A change in two steps. Full widths only. */
  private torn(site: Site, original: Instruction): Instruction[] {
    const [, type, verb] = /^(i32|i64)\.atomic\.rmw\.(\w+)$/.exec(original[0]) ?? [];
    if (type === undefined) throw new Error(`expected a change of a whole word, got ${original[0]}`);
    const [, argument = 0] = original;
    const seen: Instruction = ["local.get", site.type.parameters.length];
    const write = (...value: Instruction[]): Instruction[] => [
      ["local.get", 0],
      ...value,
      [`${type}.atomic.store`, argument],
    ];
    const operand: Instruction = ["local.get", 1];
    let writes = write(seen, operand, [`${type}.${verb}`]);
    if (verb === "xchg") writes = write(operand);
    if (verb === "cmpxchg") {
      writes = [seen, operand, [`${type}.eq`], ["if", "empty"], ...write(["local.get", 2]), ["end"]];
    }
    return [
      ["local.get", 0],
      [`${type}.atomic.load`, argument],
      ["local.set", site.type.parameters.length],
      ...this.setResult([constant(ONLY_READS)]),
      ["call", this.after],
      constant(site.number),
      ...this.effective(original),
      ["call", this.before],
      ...this.setResult([constant(ONLY_WRITES)]),
      ...writes,
      ["call", this.after],
      seen,
    ];
  }

  private beforeBody(): Instruction[] {
    const [site, address, record, window] = [0, 1, 2, 3];
    const word = (offset: number): Instruction[] => [["local.get", window], load(offset)];
    return [
      // Ends at once: whoever resumes us has set another stop, or wants this very step asked about again.
      ...this.control(STEP),
      ...this.control(STOP),
      ["i32.eq"],
      ["if", "empty"],
      this.imported("pause"),
      ["end"],
      ...this.record(0),
      ["local.tee", record],
      ...[["local.get", site] as const, store(RECORDS + 4 * RECORD.site)],
      ...[["local.get", record] as const, ["local.get", address] as const, store(RECORDS + 4 * RECORD.address)],
      ...[
        ["local.get", record] as const,
        ["global.get", this.globalImports + 1] as const,
        store(RECORDS + 4 * RECORD.thread),
      ],
      ...[["local.get", record] as const, constant(0), store(RECORDS + 4 * RECORD.result)],
      ...[["local.get", address] as const, constant(-4), ["i32.and"] as const, ["local.set", window] as const],
      ...[["local.get", record] as const, ...word(0), store(RECORDS + 4 * RECORD.before)],
      ...[["local.get", record] as const, ...word(4), store(RECORDS + 4 * RECORD.before + 4)],
      ...[this.trace(), ...this.control(STEP), constant(1), ["i32.add"] as const, store(STEP)],
      ["end"],
    ];
  }

  private afterBody(): Instruction[] {
    const [record, window] = [0, 1];
    const word = (offset: number): Instruction[] => [["local.get", window], load(offset)];
    return [
      ...this.record(-1),
      ["local.tee", record],
      load(RECORDS + 4 * RECORD.address),
      ...[constant(-4), ["i32.and"] as const, ["local.set", window] as const],
      ...[["local.get", record] as const, ...word(0), store(RECORDS + 4 * RECORD.after)],
      ...[["local.get", record] as const, ...word(4), store(RECORDS + 4 * RECORD.after + 4)],
      ["end"],
    ];
  }

  /** At the head of every loop, because a mutant may go round for ever without a step. */
  private tickBody(): Instruction[] {
    return [
      ...[this.trace(), ...this.control(PATIENCE), constant(1), ["i32.sub"] as const, store(PATIENCE)],
      ...this.control(PATIENCE),
      ...[constant(0), ["i32.lt_s"] as const, ["if", "empty"] as const, this.imported("runaway"), ["end"] as const],
      ["end"],
    ];
  }

  /** Address of the record of the next step, or of one relative to it, without RECORDS. */
  private record(relative: number): Instruction[] {
    const number: Instruction[] = [...this.control(STEP), constant(relative), ["i32.add"]];
    return [this.trace(), ...number, constant(RECORD_SHIFT), ["i32.shl"], ["i32.add"]];
  }

  private setResult(value: Instruction[]): Instruction[] {
    return [...this.record(-1), ...value, store(RECORDS + 4 * RECORD.result)];
  }

  private trace(): Instruction {
    return ["global.get", this.globalImports];
  }

  private control(offset: number): Instruction[] {
    return [this.trace(), load(offset)];
  }

  private imported(name: keyof TestImports): Instruction {
    return ["call", this.functionImports + this.names.indexOf(name)];
  }

  /** @returns the final index of a function that is added behind all others */
  private add(type: FunctionType, locals: readonly ValueType[], body: readonly Instruction[]): number {
    this.added.push({ type: this.typeIndex(type), locals, body });
    return this.movedFunction(this.functionImports + this.module.functions.length + this.added.length - 1);
  }

  private typeIndex(type: FunctionType): number {
    const found = this.types.findIndex(
      ({ parameters, results }) => `${parameters}` === `${type.parameters}` && `${results}` === `${type.results}`,
    );
    return found >= 0 ? found : this.types.push(type) - 1;
  }

  private moved(each: Instruction): Instruction {
    return relocate(each, {
      function: (index) => this.movedFunction(index),
      global: (index) => this.movedGlobal(index),
      type: (index) => index,
      local: (index) => index,
    });
  }

  private movedFunction(index: number): number {
    return index < this.functionImports ? index : index + this.names.length;
  }

  private movedGlobal(index: number): number {
    return index < this.globalImports ? index : index + 2;
  }
}

function constant(value: number): Instruction {
  return ["i32.const", value | 0];
}

function load(offset: number): Instruction {
  return ["i32.load", { align: 2, offset }];
}

function store(offset: number): Instruction {
  return ["i32.store", { align: 2, offset }];
}
