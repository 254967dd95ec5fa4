/**
 * Gauss-Legendre nodes and weights against published ones, and by what they must fulfil.
 *
 * Source: M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions" (1964), table 25.4 (n = 2 to 5, 8, 10, 16; 15 digits), and for n = 2 to 5 the
 *         closed forms that stand behind it (NIST DLMF 3.5(v)).
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { GAUSS_POINTS_MAXIMUM, gaussLegendre } from "../../ts/integrate/gauss.js";

/** Nodes from the middle up, with weights, as printed. */
const PUBLISHED: Readonly<Record<number, readonly (readonly [node: number, weight: number])[]>> = {
  2: [[0.577350269189626, 1]],
  3: [
    [0, 0.888888888888889],
    [0.774596669241483, 0.555555555555556],
  ],
  4: [
    [0.339981043584856, 0.652145154862546],
    [0.861136311594053, 0.347854845137454],
  ],
  5: [
    [0, 0.568888888888889],
    [0.538469310105683, 0.478628670499366],
    [0.906179845938664, 0.236926885056189],
  ],
  8: [
    [0.18343464249565, 0.362683783378362],
    [0.525532409916329, 0.313706645877887],
    [0.796666477413627, 0.222381034453374],
    [0.960289856497536, 0.101228536290376],
  ],
  10: [
    [0.148874338981631, 0.295524224714753],
    [0.433395394129247, 0.269266719309996],
    [0.679409568299024, 0.219086362515982],
    [0.865063366688985, 0.149451349150581],
    [0.973906528517172, 0.066671344308688],
  ],
  16: [
    [0.095012509837637, 0.189450610455069],
    [0.281603550779259, 0.182603415044924],
    [0.458016777657227, 0.169156519395003],
    [0.617876244402644, 0.149595988816577],
    [0.755404408355003, 0.124628971255534],
    [0.865631202387832, 0.095158511682493],
    [0.944575023073233, 0.062253523938648],
    [0.98940093499165, 0.027152459411754],
  ],
};

/** Half a unit of the fifteenth decimal, and the rounding of the comparison itself. */
const PRINTED = 0.6e-15;

for (const [n, rows] of Object.entries(PUBLISHED)) {
  test(`gauss: ${n} points agree with the published table`, () => {
    const upper = gaussLegendre(Number(n)).slice(Number(n) >> 1);
    assert.is(upper.length, rows.length);
    rows.forEach(([node, weight], k) => {
      assert.ok(Math.abs(upper[k]!.t - node) < PRINTED, `node ${k}: expected ${node}, got ${upper[k]!.t}`);
      assert.ok(
        Math.abs(upper[k]!.weight - weight) < PRINTED,
        `weight ${k}: expected ${weight}, got ${upper[k]!.weight}`,
      );
    });
  });
}

/** Scale of the whole numbers below: 60 decimals. */
const ONE = 10n ** 60n;

/** P_n and its derivative at t, times ONE; t times ONE. Recurrences as in Abramowitz & Stegun 22.7.10, 22.8.5. */
function legendre(n: number, t: bigint): readonly [value: bigint, derivative: bigint] {
  let [before, value] = [ONE, t];
  for (let k = 2n; k <= BigInt(n); k++)
    [before, value] = [value, ((2n * k - 1n) * t * value) / ONE / k - ((k - 1n) * before) / k];
  if (n === 0) return [ONE, 0n];
  return [value, (BigInt(n) * (t * value - before * ONE)) / ((t * t) / ONE - ONE || 1n)];
}

/** A node to 53 bits after the point: close enough to start Newton's method. */
function scaled(x: number): bigint {
  return (BigInt(Math.round(x * 2 ** 53)) * ONE) / 2n ** 53n;
}

/** The root beside a node, and its weight, in 60 decimals: Newton's method from the library's node. */
function exactNode(n: number, start: number): readonly [node: bigint, weight: bigint] {
  let t = scaled(start);
  for (let step = 0; step < 4; step++) {
    const [value, derivative] = legendre(n, t);
    t -= (value * ONE) / derivative;
  }
  const [, derivative] = legendre(n, t);
  return [t, (2n * ONE * ONE * ONE) / ((ONE - (t * t) / ONE) * ((derivative * derivative) / ONE))];
}

function toNumber(x: bigint): number {
  // Nineteen digits more than a double has: the two roundings differ only where the digits cannot decide.
  return Number(`${x}e-60`);
}

test("gauss: every node and weight up to 64 points is the nearest double", () => {
  for (let n = 1; n <= GAUSS_POINTS_MAXIMUM; n++) {
    for (const { t, weight } of gaussLegendre(n)) {
      if (t < 0) continue;
      const [node, exactWeight] = n === 1 ? [0n, 2n * ONE] : exactNode(n, t);
      assert.is(t, t === 0 ? 0 : toNumber(node), `node of ${n} points`);
      assert.is(weight, toNumber(exactWeight), `weight of ${n} points at ${t}`);
    }
  }
});

test("gauss: nodes ascend within (-1, 1), symmetric to the last bit, none missing", () => {
  for (let n = 1; n <= GAUSS_POINTS_MAXIMUM; n++) {
    const nodes = gaussLegendre(n);
    assert.is(nodes.length, n);
    nodes.forEach(({ t, weight }, k) => {
      assert.ok(t > (k === 0 ? -1 : nodes[k - 1]!.t) && t < 1, `${n} points, node ${k}`);
      const opposite = nodes[n - 1 - k]!;
      assert.is(t + opposite.t, 0);
      assert.is(weight, opposite.weight);
      assert.ok(weight > 0);
    });
    const sum = nodes.reduce((total, { weight }) => total + weight, 0);
    assert.ok(Math.abs(sum - 2) < 4e-15, `weights of ${n} points add up to ${sum}`);
  }
});

test.run();
