/**
 * Families with a point c that may be anywhere: what an integrator is worth shows at points that are not its nodes.
 *
 * Source: J. N. Lyness, J. J. Kaganove, "Comments on the nature of automatic quadrature routines", ACM TOMS 2, 1976, and "A technique for comparing
 *         automatic quadrature routines", Computer Journal 20, 1977; the parameters' ranges as in P. Gonnet, "Increasing the reliability of
 *         adaptive quadrature using explicit interpolants", ACM TOMS 37, 2010. The values are ours, two of each range.
 */
import type { Entry } from "./item.js";

const SOURCE = "Lyness, Kaganove, A technique for comparing automatic quadrature routines, 1977, family";

/** The other four peaks lie at these places. */
const PLACES = [0.10973, 0.31415, 0.57721, 0.86602] as const;

const at = (c: number, alpha: number): Pick<Entry, "parameters" | "breakPoints" | "range"> => ({
  range: [0, 1],
  parameters: { c, alpha },
  breakPoints: [c],
});

function singular(c: number, alpha: number): Entry {
  return {
    name: `lyness-singular alpha=${alpha}`,
    source: `${SOURCE} 1: a singular point`,
    kind: "inner singularity",
    text: "abs(x-c)^alpha",
    exact: "((1-c)^(alpha+1)+c^(alpha+1))/(alpha+1)",
    ...at(c, alpha),
  };
}

function jump(c: number, alpha: number): Entry {
  return {
    name: `lyness-jump alpha=${alpha}`,
    source: `${SOURCE} 2: a jump`,
    kind: "jump",
    text: "x > c ? exp(alpha*x) : 0",
    exact: "(exp(alpha)-exp(alpha*c))/alpha",
    ...at(c, alpha),
  };
}

function kink(c: number, alpha: number): Entry {
  return {
    name: `lyness-kink alpha=${alpha}`,
    source: `${SOURCE} 3: a kink`,
    kind: "kink",
    text: "exp(-alpha*abs(x-c))",
    exact: "(2-exp(-alpha*c)-exp(-alpha*(1-c)))/alpha",
    ...at(c, alpha),
  };
}

function peak(c: number, alpha: number): Entry {
  const { breakPoints: _, ...rest } = at(c, alpha);
  return {
    name: `lyness-peak alpha=${alpha}`,
    source: `${SOURCE} 4: a peak`,
    kind: "peak",
    text: "10^alpha/((x-c)^2+10^(2*alpha))",
    exact: "atan((1-c)*10^-alpha)+atan(c*10^-alpha)",
    ...rest,
  };
}

function fourPeaks(alpha: number): Entry {
  return {
    name: `lyness-peaks alpha=${alpha}`,
    source: `${SOURCE} 5: four peaks`,
    kind: "peak",
    text: PLACES.map((place) => `10^alpha/((x-${place})^2+10^(2*alpha))`).join(" + "),
    range: [0, 1],
    parameters: { alpha },
    exact: PLACES.map((place) => `atan((1-${place})*10^-alpha)+atan(${place}*10^-alpha)`).join(" + "),
  };
}

function oscillation(c: number, alpha: number): Entry {
  const beta = 10 ** alpha / Math.max(c ** 2, (1 - c) ** 2);
  return {
    name: `lyness-oscillation alpha=${alpha}`,
    source: `${SOURCE} 6: oscillation that is faster towards the ends`,
    kind: "oscillation",
    text: "2*k*(x-c)*cos(k*(x-c)^2)",
    range: [0, 1],
    parameters: { c, k: beta },
    exact: "sin(k*(1-c)^2)-sin(k*c^2)",
  };
}

export const LYNESS_KAGANOVE: readonly Entry[] = [
  singular(0.37192, -0.5),
  singular(0.81057, -0.2),
  jump(0.44721, 0.9),
  jump(0.68301, 0.3),
  kink(0.28906, 3.7),
  kink(0.91324, 1.2),
  peak(0.62838, -3.2),
  peak(0.17157, -5.7),
  fourPeaks(-3.3),
  fourPeaks(-4.8),
  oscillation(0.40528, 1.8),
  oscillation(0.71963, 2),
];
