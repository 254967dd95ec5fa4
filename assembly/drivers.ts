/**
 * The driver templates: quadrature written once, against an integrand that is written in at run time.
 * This module is never instantiated as it is; see quad/drivers/integrand.ts.
 */
export { grid } from "./quad/drivers/grid";
export { map } from "./quad/drivers/map";
export { points } from "./quad/drivers/points";
export { runs } from "./quad/drivers/runs";
