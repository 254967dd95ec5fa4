/**
 * The math provider as the compiler reads it: the fast forms of elementary functions, as code to be written into integrands.
 *
 *   sin       total, called
 *   sinFast   a straight line of pure instructions, right in the lanes where sinDoubt's mask is clear
 *   sinDoubt  optional, a straight line too
 *
 * Role: any thread that compiles.
 */
import { WasmError } from "../errors.js";
import type { Func, Module } from "../wasm/module.js";
import type { ProviderFunction } from "./functions.js";

/** A function's fast form. */
export interface FastForm {
  readonly value: Func;
  /** Undefined where it is right everywhere. */
  readonly doubt: Func | undefined;
}

export class Library {
  private loaded: Module | undefined;
  private readonly exports = new Map<string, number>();

  /** @param load gives build/math.wasm, decoded, when an expression calls the first function */
  constructor(private readonly load: () => Module) {}

  /** The fast form of a function; undefined where it has none. */
  fastForm(name: ProviderFunction): FastForm | undefined {
    const value = this.exported(`${name}Fast`);
    return value === undefined ? undefined : { value, doubt: this.exported(`${name}Doubt`) };
  }

  functionAt(index: number): Func {
    const func = this.module.functions[index];
    if (func === undefined)
      throw new WasmError(`expected a valid math provider, found function ${index}, which it does not have`);
    return func;
  }

  /** How many of a function's locals are parameters. */
  parametersOf(func: Func): number {
    return this.module.types[func.type]?.parameters.length ?? 0;
  }

  /** Whether a global says where the tables are. */
  isTables(global: number): boolean {
    return global === this.exports.get("global tables");
  }

  /** What the tables' memory holds from its beginning on: constants and tables, each at the address that the code adds to their base. */
  image(): Uint8Array {
    const segments = this.module.data.map(({ offset, bytes }) => ({ at: addressOf(offset?.[0]?.[1]), bytes }));
    const image = new Uint8Array(Math.max(0, ...segments.map(({ at, bytes }) => at + bytes.length)));
    for (const { at, bytes } of segments) image.set(bytes, at);
    return image;
  }

  private get module(): Module {
    if (this.loaded === undefined) {
      this.loaded = this.load();
      if (this.loaded.imports.length > 0) throw new WasmError("expected a math provider that imports nothing");
      for (const { name, kind, index } of this.loaded.exports) this.exports.set(`${kind} ${name}`, index);
    }
    return this.loaded;
  }

  private exported(name: string): Func | undefined {
    const { functions } = this.module;
    const index = this.exports.get(`function ${name}`);
    return index === undefined ? undefined : functions[index];
  }
}

function addressOf(immediate: unknown): number {
  if (typeof immediate === "number") return immediate;
  throw new WasmError("expected a math provider whose data segments begin at constant addresses");
}
