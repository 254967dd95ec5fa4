/**
 * From a text or a tree to a spliced module: parse, compile, splice, compile again by the engine. Each tree once; the caches are bounded.
 *
 * Role: any thread that makes contexts.
 */
import { BoundedMap } from "../bounded-map.js";
import {
  type Canonical,
  type CompiledExpression,
  type CornerPlan,
  canonical,
  compile,
  cornerPlanOf,
  corners,
  type Expression,
  haveFixedCorners,
  inDistance,
  Library,
  mayHaveCorners,
  parse,
} from "../expr/index.js";
import { driverTemplate, mathTemplate } from "../runtime/core/modules.js";
import type { IntegrandUse } from "../types.js";
import { decode } from "../wasm/decode.js";
import type { KernelKind } from "../wasm/kernel.js";
import type { Module } from "../wasm/module.js";
import { splice } from "../wasm/splice.js";

export interface Integrand {
  readonly bytes: Uint8Array;
  readonly module: WebAssembly.Module;
  /** Names in the order of the parameter record. */
  readonly parameters: readonly string[];
  /** Rough cost of an evaluation, in instructions. */
  readonly operations: number;
  /** Whether it reads tables of elementary functions. */
  readonly readsTables: boolean;
  /** Whether it has fused operations. */
  readonly relaxed: boolean;
  /** The user's module, where it came without bytes. */
  readonly given?: WebAssembly.Module | undefined;
  /** What is told of it. */
  readonly use: IntegrandUse;
  /** The same in the driver for integrals to a tolerance, where that is not in this module. */
  readonly toTolerance?: Integrand;
  /** In the distance from a point: three parameters more: the point, the side, and how exact the point is. Made when it is asked for. */
  readonly inDistance?: () => { readonly integrand: Integrand; readonly isBetterAtZero: boolean };
  /** Points between lo and hi where f may have a corner, a jump or a singularity. */
  corners?(parameters: readonly number[], lo: number, hi: number): readonly number[];
  /** Whether there may be such points, for some parameters and bounds. */
  readonly mayHaveCorners?: boolean;
}

export const CACHE_CAPACITY = 256;
/** By text, for the last names that it was used with; by text and names; and by what the text says. */
const recent = new BoundedMap<string, Recent>(CACHE_CAPACITY);
const texts = new BoundedMap<string, Integrand>(CACHE_CAPACITY);
const trees = new BoundedMap<string, Integrand>(CACHE_CAPACITY);
let template: Module | undefined;

/** The elementary functions, as the compiler reads them. */
export const LIBRARY = new Library(() => decode(mathTemplate(), { later: true }));

/** Telling whether names are the same is quicker than making a key of them, which costs as much as an easy integral. */
interface Recent {
  readonly variable: string;
  readonly parameters: readonly string[];
  readonly relaxed: boolean;
  readonly integrand: Integrand;
}

/**
 * @param source the expression, @param variable its variable, @param parameters names it may use besides
 * @param relaxed whether to fuse operations, if the engine can
 * @throws {ExpressionError}
 */
export function integrandOf(
  source: string,
  variable: string,
  parameters: readonly string[],
  relaxed = false,
): Integrand {
  const last = recent.find(source);
  if (last !== undefined && last.variable === variable && last.relaxed === relaxed) {
    if (areSame(last.parameters, parameters)) return last.integrand;
  }
  const integrand = lookUp(source, variable, parameters, relaxed);
  recent.set(source, { variable, parameters, relaxed, integrand });
  return integrand;
}

/** Whether two lists of names are the same, in the same order. */
export function areSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
}

function lookUp(source: string, variable: string, parameters: readonly string[], relaxed: boolean): Integrand {
  const names = [...parameters].sort();
  return texts.get(JSON.stringify([variable, names, source, relaxed]), () => {
    const { nodes } = parse(source, { variable, parameters: names });
    return integrandOfTree(canonical(nodes), names, relaxed);
  });
}

/** @param names of the parameters, in the order of their record */
export function integrandOfTree({ key, nodes }: Canonical, names: readonly string[], relaxed: boolean): Integrand {
  return trees.get(JSON.stringify([key, names, relaxed]), () =>
    make({ source: key, variable: "x", parameters: names, nodes }, relaxed),
  );
}

function make(expression: Expression, relaxed: boolean): Integrand {
  const compiled = compile(expression, LIBRARY, { relaxed });
  // Fused operations are the only ones that an engine which runs the core may lack.
  if (relaxed && !WebAssembly.validate(spliceKernel(compiled.kernel, ["map"]))) return make(expression, false);
  return inDrivers(expression, compiled, relaxed, ["grid", "map"]);
}

// A class that names itself in its own body gets another name in the bundles, which stack traces show.
function inDrivers(
  expression: Expression,
  compiled: CompiledExpression,
  relaxed: boolean,
  drivers: readonly string[],
): Compiled {
  return new Compiled(expression, compiled, relaxed, drivers);
}

const NO_CORNERS: readonly number[] = [];

/** A compiled expression in drivers: spliced when it is first needed. */
class Compiled implements Integrand {
  readonly parameters: readonly string[];
  readonly operations: number;
  readonly readsTables: boolean;
  readonly use = { kind: "compiled" } as const;
  private spliced: Uint8Array<ArrayBuffer> | undefined;
  private made: WebAssembly.Module | undefined;
  private other: Compiled | undefined;
  private distant: { readonly integrand: Compiled; readonly isBetterAtZero: boolean } | undefined;
  private hasCorners: boolean | undefined;
  /** Those of the whole line, where neither parameters nor the range matter. */
  private fixed: readonly number[] | false | undefined;
  /** How to find them for any parameters, quickly; null where there is no such way. */
  private plan: CornerPlan | null | undefined;

  constructor(
    private readonly expression: Expression,
    private readonly compiled: CompiledExpression,
    readonly relaxed: boolean,
    private readonly drivers: readonly string[],
  ) {
    this.parameters = compiled.parameters;
    this.operations = compiled.operations;
    this.readsTables = compiled.kernel.imports.some(({ name, kind }) => name === "tables" && kind === "global");
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    this.spliced ??= spliceKernel(this.compiled.kernel, this.drivers);
    return this.spliced;
  }

  get module(): WebAssembly.Module {
    this.made ??= new WebAssembly.Module(this.bytes);
    return this.made;
  }

  get toTolerance(): Integrand {
    this.other ??= inDrivers(this.expression, this.compiled, this.relaxed, ["runs"]);
    return this.other;
  }

  readonly inDistance = (): { readonly integrand: Integrand; readonly isBetterAtZero: boolean } => {
    this.distant ??= this.makeDistant();
    return this.distant;
  };

  private makeDistant(): { readonly integrand: Compiled; readonly isBetterAtZero: boolean } {
    const { tree, isBetterAtZero } = inDistance(this.expression.nodes, this.parameters.length);
    // Names of no text: the places of the two in the record are what counts.
    const parameters = [...this.parameters, "the point", "the side", "how exact"];
    const expression = { source: tree.key, variable: "x", parameters, nodes: tree.nodes };
    const compiled = compile(expression, LIBRARY, { relaxed: this.relaxed });
    return { integrand: inDrivers(expression, compiled, this.relaxed, ["runs"]), isBetterAtZero };
  }

  get mayHaveCorners(): boolean {
    this.hasCorners ??= mayHaveCorners(this.expression.nodes) && this.cornerPlan?.isEmpty !== true;
    return this.hasCorners;
  }

  private get cornerPlan(): CornerPlan | null {
    if (this.plan === undefined) this.plan = cornerPlanOf(this.expression.nodes, this.parameters.length) ?? null;
    return this.plan;
  }

  corners(parameters: readonly number[], lo: number, hi: number): readonly number[] {
    const { nodes } = this.expression;
    if (!this.mayHaveCorners) return NO_CORNERS;
    this.fixed ??= haveFixedCorners(nodes) && corners(nodes, [], Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    if (this.fixed === false) {
      if (this.plan === undefined) this.plan = cornerPlanOf(nodes, this.parameters.length) ?? null;
      return this.plan === null ? corners(nodes, parameters, lo, hi) : this.plan.points(parameters, lo, hi);
    }
    return this.fixed.length === 0 ? NO_CORNERS : this.fixed.filter((x) => x > lo && x < hi);
  }
}

/** The drivers with a kernel in them. */
export function spliceKernel(
  kernel: Module,
  drivers: readonly string[] = ["grid", "map", "runs"],
  kind: KernelKind = "x",
): Uint8Array<ArrayBuffer> {
  template ??= decode(driverTemplate());
  return splice(template, kernel, { kind, drivers });
}
