/** Random kernels: spliced, called and linked, the same bits; and mutated ones, which must never make an invalid module of a valid one. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { HeddleError } from "../../ts/errors.js";
import { decode } from "../../ts/wasm/decode.js";
import { encode } from "../../ts/wasm/encode.js";
import type { Instruction, Module, ValueType } from "../../ts/wasm/module.js";
import { splice } from "../../ts/wasm/splice.js";
import { assertSameBits, DRIVERS, fixtures } from "./linked.js";

const STRESS = process.env.STRESS ? 50 : 1;

/** Locals of every generated function behind its parameter: four vectors, and the counter that bounds all loops. */
const VECTORS = 4;
const LOCALS: readonly ValueType[] = [...Array.from({ length: VECTORS }, () => "v128" as const), "i32"];
const COUNTER = 1 + VECTORS;
const GLOBALS = 3;
/** Functions that bodies call: an import, and one of the kernel's own that returns global 0. */
const SCRAMBLE = 0;
const GLOBAL_READER = 3;

/** Code that knows at what depth it is put, so that it can leave the function from there. */
type Code = (depth: number) => Instruction[];

/** Values are v128, in whole numbers: a NaN's bits would be the engine's choice. */
type Generated = { readonly value: Code; readonly statement: Code };

const local = fc.integer({ min: 1, max: VECTORS });
const globalIndex = fc.integer({ min: 0, max: GLOBALS - 1 });
const sequence =
  (parts: readonly Code[]): Code =>
  (depth) =>
    parts.flatMap((part) => part(depth));
const asCondition =
  (value: Code): Code =>
  (depth) => [...value(depth), ["i32x4.extract_lane", 0], ["i32.const", 1], ["i32.and"]];

/** @param parameter what stands for the function's parameter, @param exit what makes the values that it returns */
function grammar(parameter: Instruction[], exit: (value: Code) => Code) {
  return fc.letrec<Generated>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constant<Code>(() => parameter),
      local.map(
        (index): Code =>
          () => [["local.get", index]],
      ),
      globalIndex.map(
        (index): Code =>
          () => [["global.get", index]],
      ),
      fc.uint8Array({ minLength: 16, maxLength: 16 }).map(
        (bytes): Code =>
          () => [["v128.const", bytes]],
      ),
      fc.tuple(tie("value"), tie("value"), fc.constantFrom("i32x4.add", "i64x2.mul", "v128.xor", "i16x8.sub")).map(
        ([one, other, name]): Code =>
          (depth) => [...one(depth), ...other(depth), [name]],
      ),
      fc.tuple(local, tie("value")).map(
        ([index, value]): Code =>
          (depth) => [...value(depth), ["local.tee", index]],
      ),
      tie("value").map(
        (value): Code =>
          (depth) => [...value(depth), ["call", SCRAMBLE]],
      ),
      fc.constant<Code>(() => [["call", GLOBAL_READER]]),
      fc.tuple(tie("statement"), tie("value"), tie("value")).map(
        ([statement, early, late]): Code =>
          (depth) => [
            ["block", "v128"],
            ...statement(depth + 1),
            ...early(depth + 1),
            ...asCondition(early)(depth + 1),
            ["br_if", 0],
            ["drop"],
            ...late(depth + 1),
            ["end"],
          ],
      ),
      fc.tuple(tie("value"), tie("value"), tie("value")).map(
        ([condition, one, other]): Code =>
          (depth) => [
            ...asCondition(condition)(depth),
            ["if", "v128"],
            ...one(depth + 1),
            ["else"],
            ...other(depth + 1),
            ["end"],
          ],
      ),
    ),
    statement: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.tuple(local, tie("value")).map(
        ([index, value]): Code =>
          (depth) => [...value(depth), ["local.set", index]],
      ),
      fc.tuple(globalIndex, tie("value")).map(
        ([index, value]): Code =>
          (depth) => [...value(depth), ["global.set", index]],
      ),
      fc.tuple(tie("value"), fc.array(tie("statement"), { maxLength: 3 })).map(
        ([condition, statements]): Code =>
          (depth) => [
            ["block", "empty"],
            ...asCondition(condition)(depth + 1),
            ["br_if", 0],
            ...sequence(statements)(depth + 1),
            ["end"],
          ],
      ),
      // The counter is never set back, so a body whose counter is not zeroed runs its loops once only.
      fc.array(tie("statement"), { minLength: 1, maxLength: 3 }).map(
        (statements): Code =>
          (depth) => [
            ["loop", "empty"],
            ...sequence(statements)(depth + 1),
            ["local.get", COUNTER],
            ["i32.const", 1],
            ["i32.add"],
            ["local.tee", COUNTER],
            ["i32.const", 4],
            ["i32.lt_u"],
            ["br_if", 0],
            ["end"],
          ],
      ),
      // Three ways out, each past a value that stays behind on the stack.
      fc.tuple(tie("value"), tie("value"), fc.constantFrom("return", "br", "br_table")).map(
        ([condition, value, way]): Code =>
          (depth) => [
            ...asCondition(condition)(depth),
            ["if", "empty"],
            ["f64.const", 1n],
            ...exit(value)(depth + 1),
            ...leave(way, depth + 1),
            ["end"],
          ],
      ),
    ),
  }));
}

function leave(way: string, depth: number): Instruction[] {
  if (way === "return") return [["return"]];
  return way === "br"
    ? [["br", depth]]
    : [
        ["i32.const", 1],
        ["br_table", [depth], depth],
      ];
}

const inBody = grammar([["local.get", 0]], (value) => value);
const address: Instruction[] = [
  ["local.get", 0],
  ["v128.load", { align: 0, offset: 16 }],
];
const inPrologue = grammar(address, () => () => []);

/** Mostly what a prologue is for, so that the rules about globals are often met and often broken. */
const setup = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(globalIndex, inPrologue.value).map(
      ([index, value]): Code =>
        (depth) => [...value(depth), ["global.set", index]],
    ),
  },
  { weight: 1, arbitrary: inPrologue.statement },
);

/** Every kernel uses its globals: whatever they hold shows in the result. */
const withGlobals =
  (value: Code): Code =>
  (depth) => [
    ...value(depth),
    ...Array.from({ length: GLOBALS }, (_, index): Instruction[] => [["global.get", index], ["i32x4.add"]]).flat(),
  ];

const kernels: fc.Arbitrary<Module> = fc
  .record({
    prologue: fc.array(setup, { maxLength: 6 }),
    statements: fc.array(inBody.statement, { maxLength: 3 }),
    value: inBody.value.map(withGlobals),
    hasPrologue: fc.boolean(),
  })
  .map(({ prologue, statements, value, hasPrologue }) => ({
    types: [
      { parameters: ["v128"], results: ["v128"] },
      { parameters: ["i32"], results: [] },
      { parameters: [], results: ["v128"] },
    ],
    imports: [
      { module: "math", name: "scramble", kind: "function", type: 0 },
      { module: "env", name: "memory", kind: "memory", limits: { minimum: 1, maximum: 65536, shared: true } },
    ],
    functions: [
      { type: 0, locals: LOCALS, body: [...sequence(statements)(0), ...value(0), ["end"]] },
      { type: 1, locals: LOCALS, body: [...sequence(prologue)(0), ["end"]] },
      { type: 2, locals: [], body: [["global.get", 0], ["end"]] },
    ],
    tables: [],
    memories: [],
    globals: Array.from({ length: GLOBALS }, (_, index) => ({
      type: "v128" as const,
      mutable: true,
      init: [["v128.const", new Uint8Array(16).fill(index + 1)], ["end"]] as Instruction[],
    })),
    exports: [
      { name: "integrand", kind: "function", index: 1 },
      ...(hasPrologue ? [{ name: "prologue", kind: "function", index: 2 } as const] : []),
    ],
    elements: [],
    data: [],
  }));

test("random kernels: the same bits spliced, called and linked", async () => {
  const fixture = await fixtures();
  fc.assert(
    fc.property(kernels, (kernel) => assertSameBits(kernel, fixture, [DRIVERS, ["map"], ["two"], ["twice"]])),
    { numRuns: 150 * STRESS },
  );
});

test("mutated kernels: a valid one splices to a valid module or is refused, an invalid one does no harm", async () => {
  const { template } = await fixtures();
  const mutation = fc.record({ at: fc.nat(), value: fc.nat(255) });
  const counts = { valid: 0, invalid: 0 };
  fc.assert(
    fc.property(
      kernels,
      fc.array(mutation, { minLength: 1, maxLength: 2 }),
      fc.constantFrom(0, Infinity),
      (kernel, mutations, inlineLimit) => {
        const bytes = encode(kernel);
        for (const { at, value } of mutations) bytes[at % bytes.length] = value;
        let spliced: Uint8Array<ArrayBuffer>;
        try {
          spliced = splice(template, decode(bytes), { kind: "x", drivers: DRIVERS, inlineLimit });
        } catch (error) {
          if (!(error instanceof HeddleError)) throw error;
          return;
        }
        if (!WebAssembly.validate(bytes)) {
          counts.invalid++;
          return;
        }
        counts.valid++;
        assert.ok(WebAssembly.validate(spliced));
      },
    ),
    { numRuns: 1000 * STRESS },
  );
  assert.ok(counts.valid > 0 && counts.invalid > 0, JSON.stringify(counts));
});

test.run();
