/**
 * The driver templates: quadrature written once, against an integrand that is written in at run time.
 * This module is never instantiated as it is; see quad/integrand.ts.
 */
export { grid } from "./quad/grid";
export { map } from "./quad/map";
export { points } from "./quad/points";
export { runs } from "./quad/runs";
