/** Functions of JavaScript as trees: the same as their texts, of the same values as JavaScript's own, and what is said of all others. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ArgumentError, FunctionError } from "../../../ts/errors.js";
import { canonical, evaluate, type FunctionTable, parse, readFunction } from "../../../ts/expr/index.js";
import type { AnyFunction } from "../../../ts/inline-function.js";
import { doubles, SCOPE, type Tree, trees } from "../tree.js";

const RUNS = process.env.STRESS ? 50_000 : 1_000;

/** From a text, so that no build tool has been at it. */
function made(text: string): AnyFunction {
  return new Function(`return ${text.startsWith("{") ? `Object.values(${text})[0]` : `(${text})`};`)() as AnyFunction;
}

function keyOf(text: string, parameters: readonly string[] = ["a", "b"]): string {
  const read = readFunction(made(text), parameters);
  return "tree" in read ? read.tree.key : `callback: ${read.reason}`;
}

const keyOfText = (text: string): string => canonical(parse(text, SCOPE).nodes).key;

const SAME: readonly (readonly [fn: string, text: string])[] = [
  ["x => Math.exp(-x*x)/(1+x)", "exp(-x*x)/(1+x)"],
  ["(x) => { return x * x; }", "x*x"],
  ["function (x) { return x ** 2.5 }", "x^2.5"],
  ["function named(x) { return Math.pow(x, -2); }", "x^-2"],
  ["{ method(x) { return 2*x } }", "2*x"],
  ["{ ['computed' + 1](x) { return 2*x } }", "2*x"],
  ["function (x, { a, b }) { return a*x + b }", "a*x + b"],
  ["(x, p) => p.a*x + p['b']", "a*x + b"],
  ["(x, { a: slope, 'b': offset }) => slope*x + offset", "a*x + b"],
  ["(x, { a, b } = {}) => a*x + b", "a*x + b"],
  ["(x, { ['a']: slope }) => slope*x", "a*x"],
  ["(x, { a = 7, c = 2*a }) => c*x", "2*a*x"],
  ["(x, p) => { const { a, b: c } = p; return a + c*x; }", "a + b*x"],
  ["(x = 3) => x", "x"],
  ["() => 3", "3"],
  ["x => { 'use strict'; const y = x*x; let z = y + 1; var w = z / y; return w; }", "(x*x + 1) / (x*x)"],
  ["x => { const unused = Math.sin(x); return x }", "x"],
  ["x => { const y = x*x; return y + y }", "x*x + x*x"],
  ["x => { const { sin, PI: pi } = Math; const c = Math.cos; return sin(x) + c(x) + pi }", "sin(x) + cos(x) + pi"],
  ["x => { const M = Math; return M.sqrt(x) + M['abs'](x) }", "sqrt(x) + abs(x)"],
  ["x => x < 0 ? -x : x", "x < 0 ? -x : x"],
  ["x => { if (x < 0) return -x; return x; }", "x < 0 ? -x : x"],
  ["x => { if (x < 0) { return -x } else { return x } }", "x < 0 ? -x : x"],
  ["x => { if (x < 0) return 1; else if (x < 1) return 2; else return 3 }", "x < 0 ? 1 : x < 1 ? 2 : 3"],
  ["x => { if (x > 1) { if (x > 2) return 1; } else return 2; return 3; }", "x > 1 ? (x > 2 ? 1 : 3) : 2"],
  ["x => { if (x > 1) { const y = 2*x; if (y > 3) return y } { const y = 4; return y + x } }", "x > 1 ? (2*x > 3 ? 2*x : 4+x) : 4+x"],
  ["x => 0 < x && x < 1 ? 1 : 0", "0 < x && x < 1 ? 1 : 0"],
  ["x => !(x > 0) || x >= 2 ? 1 : 0", "!(x > 0) || x >= 2 ? 1 : 0"],
  ["x => Number(0 < x && x < 1)", "0 < x && x < 1"],
  ["x => +(x === 1) + (x !== 2) + (x == 3) + (x != 4)", "(x == 1) + (x != 2) + (x == 3) + (x != 4)"],
  ["x => true + false", "1 + 0"],
  ["x => (x || 1) * (x && 2)", "(x ? x : 1) * (x ? 2 : x)"],
  ["x => (x > 1 && x) + 0", "(x > 1 ? x : x > 1) + 0"],
  ["x => Math.min(x, 1, 2) + Math.max(x, 3)", "min(x, 1, 2) + max(x, 3)"],
  ["x => Math.min(x) + Math.min() + Math.max()", "x + inf + (-inf)"],
  ["x => Math.hypot() + Math.hypot(x) + Math.hypot(x, 1) + Math.hypot(x, 1, 2)", "0 + abs(x) + hypot(x,1) + hypot(hypot(x,1),2)"],
  ["x => Math.atan2(x, 2) + Math.log1p(x) + Math.cbrt(x) + Math.sign(x) + Math.round(x)", "atan2(x, 2) + log1p(x) + cbrt(x) + sign(x) + round(x)"],
  ["x => Math.PI + Math.E + Infinity + 0x10 + 1_000 + .5", "pi + e + inf + 16 + 1000 + 0.5"],
  ["x => Number.MAX_VALUE + Number.NEGATIVE_INFINITY", "1.7976931348623157e308 + (-inf)"],
  ["x => NaN + Number.NaN", "0/0 + 0/0"],
  ["x => ((x))", "x"],
  ["x => { ; return x }", "x"],
]; // biome-ignore format: one each line

for (const [fn, text] of SAME) {
  test(`${fn} is ${text}`, () => assert.is(keyOf(fn), keyOfText(text)));
}

const CALLED: readonly (readonly [fn: string, reason: RegExp])[] = [
  ["x => x % 2", /`x % 2` uses `%`/],
  ["x => x | 0", /uses `\|`/],
  ["x => ~x", /uses `~`/],
  ["x => x ?? 1", /uses `\?\?`/],
  ["x => { let s = 0; for (let i = 0; i < 3; i++) s += x; return s }", /`for \(let i = 0; i < 3; i\+\+\) s \+= x;` is no declaration/],
  ["x => { let y; y = x; return y }", /`let y;` is assigned later/],
  ["x => { let y = 1; y = x; return y }", /`y = x;` does more/],
  ["x => { let y = 1; y++; return y }", /`y\+\+;` does more/],
  ["x => { if (x > 1) { var y = 2 } return y }", /`var y = 2` is a `var` within a block/],
  ["x => Math.random() * x", /`Math.random` is nothing/],
  ["x => Math.fround(x)", /`Math.fround` is nothing/],
  ["x => Math.sin(x, 1)", /has 2 arguments, and not 1/],
  ["x => Math.sin()", /has 0 arguments, and not 1/],
  ["x => Math.pow(x)", /has 1 arguments, and not 2/],
  ["x => Math.max(...[x, 1])", /`Math.max\(...\[x, 1\]\)` spreads/],
  ["x => Math.sin?.(x)", /is no arithmetic/],
  ["x => parseFloat('1') + x", /`parseFloat` is neither a number nor of Math/],
  ["x => x.toFixed(2)", /is nothing that expressions have|calls what is not of Math/],
  ["x => '1' * x", /is no number/],
  ["x => `1` * x", /is no arithmetic/],
  ["x => [x][0]", /is nothing that expressions have/],
  ["x => { const f = (t) => t * t; return f(x) }", /is no arithmetic/],
  ["x => { function f(t) { return t } return f(x) }", /is no declaration/],
  ["x => { try { return x } catch { return 0 } }", /is no declaration/],
  ["x => { switch (x) { case 1: return 2 } return 3 }", /is no declaration/],
  ["x => { const y = z; const z = x; return y }", /`z` is used before it has a value/],
  ["x => { { const y = x; const x = 1; return y } }", /`x` is used before it has a value/],
  ["x => (x > 0) === x ? 1 : 0", /compares a number with true or false/],
  ["(...xs) => xs[0]", /is no plain name for a variable/],
  ["(x, ...rest) => x", /is a rest parameter/],
  ["(x, { a, ...rest }) => a * x", /takes the rest/],
  ["(x, { [`a`]: a }) => a * x", /has a computed name/],
  ["(x, [a]) => a * x", /is no plain name/],
  ["(x, p) => Object.values(p)[0] * x", /is nothing that expressions have|neither a number/],
  ["function f(x) { return x > 1 ? f(x - 1) : x }", /`f` is neither a number nor of Math/],
  ["x => { throw new Error('no') }", /is no declaration/],
  ["x => 1n", /is no number/],
  ["x => void 0", /uses `void`/],
  ["x => undefined", /`undefined` is neither/],
]; // biome-ignore format: one each line

for (const [fn, reason] of CALLED) {
  test(`${fn} runs as JavaScript, and says why`, () => {
    const read = readFunction(made(fn), ["a", "b"]);
    assert.match("reason" in read ? read.reason : "translated", reason);
  });
}

function refusalOf(fn: AnyFunction, parameters: readonly string[] = ["a", "b"]): Error {
  try {
    readFunction(fn, parameters);
  } catch (error) {
    return error as Error;
  }
  throw new Error(`expected ${fn} to be refused`);
}

const OUTSIDE: readonly (readonly [fn: string, name: string, remedy: RegExp])[] = [
  ["x => k*x", "k", /pass it: \(x, \{ k \}\) => …, with `parameters: \{ k \}`/],
  ["x => a*x", "a", /`parameters` has it: take it as \(x, \{ a \}\)/],
  ["x => exp(x)", "exp", /write Math\.exp/],
  ["x => exp2(x)", "exp2", /as a text/],
  ["x => ln(x)", "ln", /write Math\.log/],
  ["x => 2*pi*x", "pi", /write Math\.PI/],
  ["x => inf", "inf", /write Infinity/],
  ["x => { for (let i = 0; i < n; i++); return x }", "n", /parameters/],
  ["x => { const y = (t) => t * k; return y(x) }", "k", /parameters/],
  ["x => { { const k = 1; } return k }", "k", /parameters/],
  ["x => { for (const k of [1]); return k }", "k", /parameters/],
  ["x => { try { } catch (k) { } return k }", "k", /parameters/],
  ["x => { class A { f = k } return 1 }", "k", /parameters/],
  ["x => ({ [k]: 1 }, x)", "k", /parameters/],
  ["x => ({ k }, x)", "k", /parameters/],
  ["x => { k = x; return x }", "k", /parameters/],
  ["x => { ({ k } = { k: x }); return x }", "k", /parameters/],
  ["(x, { a = k }) => a * x", "k", /parameters/],
  ["x => typeof k === 'number' ? 1 : 0", "k", /parameters/],
  ["x => process.pid", "process", /parameters/],
  ["x => document.title.length", "document", /parameters/],
  ["x => eval('x')", "eval", /parameters/],
  ["x => this.k * x", "this", /as parameters/],
  ["function (x) { return this.k * x }", "this", /as parameters/],
  ["{ f(x) { return super.f(x) } }", "super", /as parameters/],
  ["x => arguments[0]", "arguments", /name its arguments/],
  ["x => (cov_1abc().s[0]++, x)", "cov_1abc", /looks like a helper that a build tool has put there/],
]; // biome-ignore format: one each line

for (const [fn, name, remedy] of OUTSIDE) {
  test(`${fn} is refused for \`${name}\``, () => {
    const error = refusalOf(made(fn));
    assert.instance(error, ArgumentError);
    assert.match(error.message, `refers to \`${name}\``);
    assert.match(error.message, remedy);
  });
}

for (const fn of [
  "x => { const k = 2; return [1, 2].map((t) => t * k * x)[0] }",
  "x => { let s = 0; for (const k of [1, 2]) s += k * x; return s }",
  "x => { var s = 0; if (x) { var k = 1 } s += k; return s }",
  "x => { return f(x); function f(t) { return t } }",
  "x => { label: for (;;) break label; return x }",
  "x => { const o = { k: 1, f(x) { return this.k * x } }; return o.f(x) }",
  "x => { const A = class B { static k = B.name.length; #p = 1; get q() { return this.#p } }; return A.k * x }",
  "x => { try { null.x } catch { return 1 } return x }",
  "x => { switch (x) { case 1: let k = 1; return k; default: return 2 } }",
  "function f(x) { return arguments.length * x + f.length }",
  "x => { const { length: k, [0]: b = k } = [x]; return b + k }",
  "x => new Float64Array(2).length + JSON.stringify([x]).length",
  "x => (function () { return new.target === undefined ? x : 0 })()",
]) {
  test(`${fn} uses nothing outside itself`, () => {
    const read = readFunction(made(fn), []);
    assert.ok("reason" in read, "it is no arithmetic");
    assert.type(made(fn)(1), "number");
  });
}

const REFUSED: readonly (readonly [fn: AnyFunction, type: typeof ArgumentError | typeof FunctionError, message: RegExp])[] = [
  [made("x => x > 0"), ArgumentError, /returns true or false; write `condition \? 1 : 0`/],
  [made("x => x > 0 && x"), ArgumentError, /returns a number or else true or false/],
  [made("x => { if (x > 0) return 1 }"), ArgumentError, /comes to its end without one; add a `return`/],
  [made("x => { }"), ArgumentError, /add a `return`/],
  [made("x => { return; }"), ArgumentError, /add a `return`/],
  [made("(x, a) => a * x"), ArgumentError, /`a` is used as a number; write \(x, \{ a \}\) => …/],
  [made("(x, a, b) => a * x + b"), ArgumentError, /takes 3 arguments; write \(x, \{ a, b \}\) => …/],
  [made("({ x, a }) => a * x"), ArgumentError, /whose first argument is x/],
  [made("(x, { c }) => c * x"), ArgumentError, /for the parameter `c` of an inline function, got none: pass `parameters: \{ c: … \}`/],
  [made("(x, p) => p.c * x"), ArgumentError, /for the parameter `c`/],
  [made("async (x) => x"), FunctionError, /is async; nobody waits/],
  [made("async function f(x) { return x }"), FunctionError, /the inline function "f" is async/],
  [made("function* (x) { yield x }"), FunctionError, /is a generator/],
  [made("{ async f(x) { return x } }"), FunctionError, /is async/],
  [made("class A { }"), FunctionError, /is a class; pass one that returns a number/],
  [Math.sin, FunctionError, /"sin" is built in or bound; wrap it: \(x\) => sin\(x\)/],
  [made("(x) => x").bind(null), FunctionError, /built in or bound/],
]; // biome-ignore format: one each line

for (const [fn, type, message] of REFUSED) {
  test(`${fn.name || fn} is refused`, () => {
    const error = refusalOf(fn);
    assert.instance(error, type);
    assert.match(error.message, message);
  });
}

test("limits are those of texts; sums may be as long as these allow", () => {
  assert.is(keyOf(`x => ${Array(4000).fill("x").join("+")}`), keyOfText(Array(4000).fill("x").join("+")));
  const deep = (depth: number): string => `x => ${"Math.sin(".repeat(depth)}x${")".repeat(depth)}`;
  assert.is(keyOf(deep(255)), keyOfText(`${"sin(".repeat(255)}x${")".repeat(255)}`));
  assert.match(keyOf(deep(256)), "callback: it has more than 256 expressions or conditions within each other");
  assert.match(
    keyOf(`x => { ${"if (x < 1) return 1; ".repeat(300)} return 2 }`),
    "more than 256 expressions or conditions",
  );
  assert.match(keyOf(`x => { /* ${"-".repeat(65_536)} */ return x }`), "callback: it has more than 65536 characters");
  const many = `x => ${Array(4)
    .fill(`(${Array(2500).fill("x").join("+")})`)
    .join("*")}`;
  assert.match(keyOf(many), "callback: it has more than 16384 numbers, names and operations");
});

test("what overflows the parser's stack is refused, and not computed in another way", () => {
  const error = refusalOf(made(`x => ${Array(12_000).fill("x").join("+")}`));
  assert.instance(error, ArgumentError);
  assert.match(error.message, "make it shorter");
});

/** Functions as JavaScript has them: then a tree has JavaScript's values. */
const OF_MATH = Object.fromEntries(
  Object.getOwnPropertyNames(Math).map((name) => [name, Math[name as keyof Math]]),
) as unknown as FunctionTable;

/** An expression as JavaScript writes it. Powers are left out: in expressions those of numbers are multiplied out. */
function print(tree: Tree): string {
  switch (tree.kind) {
    case "leaf":
      return { pi: "Math.PI", tau: "(2*Math.PI)", e: "Math.E", inf: "Infinity" }[tree.text] ?? tree.text;
    case "prefix":
      return `(${tree.sign}${print(tree.operand)})`;
    case "binary":
      return `(${print(tree.left)} ${tree.operator === "^" ? "-" : tree.operator} ${print(tree.right)})`;
    case "conditional":
      return `(${print(tree.condition)} ? ${print(tree.whenTrue)} : ${print(tree.whenFalse)})`;
    case "call":
      return `Math.${tree.name in Math ? tree.name : "exp"}(${tree.operands.map(print).join(", ")})`;
  }
}

/** Statements around expressions; each program ends with a return. */
const programs: fc.Arbitrary<string> = fc.letrec<{ list: string; branch: string }>((tie) => ({
  list: fc
    .tuple(
      fc.array(
        fc.oneof(
          trees.map((tree) => ({ value: print(tree) })),
          fc.tuple(trees, tie("branch")).map(([tree, branch]) => ({ text: `if (${print(tree)}) ${branch}` })),
          fc.tuple(trees, tie("branch"), tie("branch")).map(([tree, yes, no]) => ({ text: `if (${print(tree)}) ${yes} else ${no}` })),
        ),
        { maxLength: 3 },
      ),
      trees,
    )
    .map(([statements, tree]) => {
      const lines = statements.map((each, index) => ("text" in each ? each.text : `const y${index} = ${each.value};`));
      const names = statements.flatMap((each, index) => ("text" in each ? [] : [` - y${index}`]));
      return `${lines.join(" ")} return +${print(tree)}${names.join("")};`;
    }),
  branch: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    trees.map((tree) => `{ return +${print(tree)}; }`),
    trees.map((tree) => `{ const z = ${print(tree)}; if (z > 1) return -z; }`),
    tie("list").map((list) => `{ ${list} }`),
  ),
})).list; // biome-ignore format: one shape per line

test("random functions have JavaScript's own values", () => {
  let translated = 0;
  const property = fc.property(programs, doubles, doubles, doubles, (body, x, a, b) => {
    const fn = made(`(x, { a, b }) => { ${body} }`);
    const read = readFunction(fn, ["a", "b"]);
    if ("reason" in read) throw new Error(read.reason);
    translated++;
    const point = { variable: x, parameters: { a, b } };
    const expression = { ...SCOPE, source: read.source, nodes: read.tree.nodes };
    assert.is(Object.is(evaluate(expression, point, OF_MATH), fn(x, { a, b })), true, String(fn));
  });
  fc.assert(property, { numRuns: RUNS });
  assert.ok(translated >= RUNS);
});

test.run();
