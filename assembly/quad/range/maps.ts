/**
 * Pieces of a range, each with a variable t of its own.
 *
 *   PLAIN      x = t                              a part between two points
 *   FAR        x = anchor + sign scale / t        0 < t <= 1: all that lies further from the anchor than `scale`; dx = scale / t² dt
 *   DISTANCE   x = anchor + sign t                t is the distance from a point where f may be singular
 *   END        x = anchor + sign t                the same, where the nodes are those of ends.ts
 *   FOLD       x = anchor + t, anchor - t         the same on both sides of a pole at once: folds.ts
 *   LINE       x = anchor + sign scale t          t >= 1: what FAR is, lobe by lobe (waves.ts); dx = scale dt
 *
 *   TOWARDS    x = anchor + sign / t              t >= 1: lobes towards a point (waves.ts); dx = dt / t²
 *
 * Near t = 0 doubles are dense, so pieces whose interesting end is t = 0 lose nothing there: FAR reaches to 2^1000, DISTANCE down to 2^-1000. Where x itself is
 * rounded, f should be computed from t: DISTANCE hands out t, if there is a form of f for that.
 *
 * Role: any thread.
 */
import { Desk, Run } from "../desk";
import { DISTANCE_ALWAYS, DISTANCE_READY, Integral, Piece } from "./integral";

export const PLAIN: i32 = 0;
export const FAR: i32 = 1;
export const DISTANCE: i32 = 2;
export const LINE: i32 = 3;
export const END: i32 = 4;
export const FOLD: i32 = 5;
export const TOWARDS: i32 = 6;

/** Whether the integrand is to be evaluated in the distance from the piece's anchor. */
export function isByDistance(integral: Integral, piece: Piece): bool {
  const kind = piece.kind;
  if (kind != DISTANCE && kind != END && kind != FOLD && kind != TOWARDS) return false;
  return integral.distance == DISTANCE_ALWAYS || (integral.distance == DISTANCE_READY && piece.anchor != 0);
}

export function hasWeights(kind: i32): bool {
  return kind == FAR || kind == LINE || kind == TOWARDS;
}

/** 2^-50: how far a cut within the range may be from what it stands for, in units of what is subtracted there. Ends are where they are said to be. */
const ROUNDED: f64 = 8.881784197001252e-16;

/** The parameters of the form in the distance: those of the integrand, and where it is to be. The run reads them. */
export function writeAnchor(integral: Integral, desk: Desk, anchor: f64, sign: f64): void {
  const bytes = (<usize>integral.parameterCount) << 3;
  memory.copy(desk.parameters, integral.parameters, bytes);
  const at = <usize>desk.parameters + bytes;
  store<f64>(at, anchor);
  store<f64>(at, sign, 8);
  store<f64>(at, anchor == integral.lo || anchor == integral.hi ? 0 : ROUNDED, 16);
  changetype<Run>(desk.list).parameters = desk.parameters;
}

/** Writes where the integrand is evaluated over the values of t in `x`, `vectors` of them, and dx/dt, if that is not 1, to `weights`. */
export function place(integral: Integral, piece: Piece, x: usize, weights: usize, vectors: i32): void {
  const anchor = f64x2.splat(piece.anchor);
  const sign = f64x2.splat(piece.sign);
  const scale = f64x2.splat(piece.scale);
  const kind = piece.kind;
  const end = x + ((<usize>vectors) << 4);
  if (kind == FAR) {
    for (; x < end; x += 16, weights += 16) {
      const t = v128.load(x);
      const reach = f64x2.div(scale, t);
      v128.store(x, f64x2.add(anchor, f64x2.mul(sign, reach)));
      v128.store(weights, f64x2.div(reach, t));
    }
  } else if (kind == LINE) {
    for (; x < end; x += 16, weights += 16) {
      v128.store(x, f64x2.add(anchor, f64x2.mul(sign, f64x2.mul(scale, v128.load(x)))));
      v128.store(weights, scale);
    }
  } else if (kind == TOWARDS) {
    const isDistance = isByDistance(integral, piece);
    for (; x < end; x += 16, weights += 16) {
      const t = v128.load(x);
      const reach = f64x2.div(f64x2.splat(1), t);
      v128.store(x, isDistance ? reach : f64x2.add(anchor, f64x2.mul(sign, reach)));
      v128.store(weights, f64x2.div(reach, t));
    }
  } else if (kind == FOLD && !isByDistance(integral, piece)) {
    // The sum's distance from the anchor is exact, and so is a point as far on the other side.
    for (; x < end; x += 16) v128.store(x, f64x2.add(anchor, v128.load(x)));
  } else if ((kind == DISTANCE || kind == END) && !isByDistance(integral, piece)) {
    for (; x < end; x += 16) v128.store(x, f64x2.add(anchor, f64x2.mul(sign, v128.load(x))));
  }
}
