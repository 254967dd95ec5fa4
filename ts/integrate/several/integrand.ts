/**
 * From texts and functions of several variables to one module of points: parse, compose with the axes, compile, splice.
 *
 *   compiled    the values of all components, each with the axes' weights
 *   called      where a component is no arithmetic, or an export of a module: the point, the axes' weight, and the components that are compiled, from which
 *               ts/runtime/compute/several-callback.ts makes all values
 *
 * Each problem of the same arithmetic once: bounds that are numbers, scale and center are read from the parameter record. The cache is bounded.
 *
 * Role: any thread that makes contexts.
 */
import { BoundedMap } from "../../bounded-map.js";
import { Composer, canonicalOf, compile, type Expression, evaluate, type Node } from "../../expr/index.js";
import { withCompanions } from "../../runtime/compute/foreign.js";
import type { SeveralCalls, SeveralValue } from "../../runtime/compute/several-callback.js";
import type { IntegrandUse } from "../../types.js";
import { CACHE_CAPACITY, type Integrand, LIBRARY, spliceKernel } from "../integrand.js";
import type { MappedAxis } from "./axes.js";
import { elementary } from "./bounds.js";

/** One component: its tree, or what is called for it, and why. */
export type Component = {
  /** Equal for equal components. */
  readonly key: string;
} & ({ readonly nodes: readonly Node[] } | { readonly call: NonNullable<SeveralValue>; readonly reason: string });

/** The module whose exports are called: its bytes and what gives it elementary functions; or itself, where it came without bytes. */
export interface CalledModule {
  /** Equal for the same module. */
  readonly key: string;
  readonly bytes: Uint8Array | undefined;
  readonly scalars: Uint8Array | undefined;
  readonly given: WebAssembly.Module | undefined;
}

/** An integrand whose points have d coordinates and m values. */
export interface SeveralIntegrand extends Integrand {
  readonly coordinates: number;
  readonly components: number;
  /** Where the rule's point u is in the variables, for messages; slow. @param values of the whole parameter record */
  place(u: readonly number[], values: readonly number[]): readonly number[];
}

const several = new BoundedMap<string, SeveralIntegrand>(CACHE_CAPACITY);

export function integrandOfSeveral(asked: Asked): SeveralIntegrand {
  const { components, axes, variables, names, relaxed, module } = asked;
  const keys = [components.map(({ key }) => key), axes.map(({ key }) => key), variables, names, relaxed, module?.key];
  return several.get(JSON.stringify(keys), () => make(asked));
}

/** All that what is compiled depends on. */
export interface Asked {
  readonly components: readonly Component[];
  readonly axes: readonly MappedAxis[];
  /** Names of the variables, for messages. */
  readonly variables: readonly string[];
  /** Names of the parameters, in the order of their record; the axes' values come behind them. */
  readonly names: readonly string[];
  /** Whether to fuse operations, if the engine can. */
  readonly relaxed: boolean;
  /** There where a component is an export. */
  readonly module: CalledModule | undefined;
}

function make({ components, axes, variables: labels, names, relaxed, module }: Asked): SeveralIntegrand {
  const composer = new Composer();
  const { variables, weights } = composeAxes(composer, axes, names.length);
  const compiled = components.flatMap((each) => {
    if (!("nodes" in each)) return [];
    // One after the other: what has become 0 stays 0, where the product of all weights might be too large for a double.
    const value = composer.insert(each.nodes, variables);
    return [weights.reduce((product, weight) => composer.binary(product, "*", weight), value)];
  });
  const parameters = [...names, ...axes.flatMap(({ values, key }, k) => values.map((_, i) => `${key} ${k} ${i}`))];
  const called = components.find((each) => "call" in each);
  if (called === undefined || !("call" in called)) {
    return new Compiled({ composer, roots: compiled, variables }, parameters, components.length, relaxed, COMPILED);
  }
  const weight = weights.reduce((product, each) => composer.binary(product, "*", each), composer.number(1));
  const use: IntegrandUse = { kind: module === undefined ? "callback" : "called", reason: called.reason };
  const foreign: SeveralCalls = {
    kind: "several",
    variables: labels,
    parameters: names,
    values: components.map((each) => ("call" in each ? each.call : null)),
  };
  const roots = [...variables, weight, ...compiled];
  return new Compiled({ composer, roots, variables }, parameters, components.length, relaxed, use, { foreign, module });
}

const COMPILED: IntegrandUse = { kind: "compiled" };

/** Cost of a call, in the same measure as instructions: a guess. */
const CALL_COST = 300;

/** Writes where the point is, and what its axes weigh. */
function composeAxes(
  composer: Composer,
  axes: readonly MappedAxis[],
  first: number,
): { readonly variables: readonly number[]; readonly weights: readonly number[] } {
  const variables: number[] = [];
  const weights: number[] = [];
  let next = first;
  for (const [index, axis] of axes.entries()) {
    const { x, weight } = axis.compose(composer, composer.variable(index), variables, next);
    next += axis.values.length;
    variables.push(x);
    if (weight !== undefined) weights.push(weight);
  }
  return { variables, weights };
}

interface Composed {
  readonly composer: Composer;
  readonly roots: readonly number[];
  readonly variables: readonly number[];
}

function withCalls(
  driver: Uint8Array<ArrayBuffer>,
  foreign: SeveralCalls,
  module: CalledModule | undefined,
): Uint8Array<ArrayBuffer> {
  const { bytes, scalars } = module ?? {};
  return withCompanions(driver, {
    foreign,
    ...(bytes === undefined ? {} : { module: bytes }),
    ...(scalars === undefined ? {} : { scalars }),
  });
}

class Compiled implements SeveralIntegrand {
  readonly coordinates: number;
  readonly operations: number;
  readonly readsTables: boolean;
  readonly relaxed: boolean;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly given: WebAssembly.Module | undefined;
  private made: WebAssembly.Module | undefined;
  private readonly places: readonly Expression[];

  constructor(
    { composer, roots, variables }: Composed,
    readonly parameters: readonly string[],
    readonly components: number,
    relaxed: boolean,
    readonly use: IntegrandUse,
    calls?: { readonly foreign: SeveralCalls; readonly module: CalledModule | undefined },
  ) {
    const expressionOf = (list: readonly number[]): Expression => {
      const { key, nodes, roots } = canonicalOf(composer.nodes, list);
      return {
        source: key,
        variable: undefined,
        variables: variables.map((_, k) => `u${k}`),
        parameters,
        nodes,
        roots,
      };
    };
    const expression = expressionOf(roots);
    this.coordinates = variables.length;
    this.places = variables.map((variable) => expressionOf([variable]));
    const build = (fused: boolean) => {
      const compiled = compile(expression, LIBRARY, { kind: "point", relaxed: fused });
      return { ...compiled, bytes: spliceKernel(compiled.kernel, ["points"], "point") };
    };
    let built = build(relaxed);
    // Fused operations are the only ones that an engine which runs the core may lack.
    this.relaxed = relaxed && WebAssembly.validate(built.bytes);
    if (relaxed && !this.relaxed) built = build(false);
    this.bytes = calls === undefined ? built.bytes : withCalls(built.bytes, calls.foreign, calls.module);
    this.operations = built.operations + (calls === undefined ? 0 : CALL_COST);
    this.given = calls?.module?.given;
    this.readsTables = built.kernel.imports.some(({ name, kind }) => name === "tables" && kind === "global");
  }

  get module(): WebAssembly.Module {
    this.made ??= new WebAssembly.Module(this.bytes);
    return this.made;
  }

  place(u: readonly number[], values: readonly number[]): readonly number[] {
    const parameters = Object.fromEntries(this.parameters.map((name, index) => [name, values[index]!]));
    return this.places.map((place) => evaluate(place, { variables: u, parameters }, elementary()));
  }
}
