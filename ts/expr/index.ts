/** The expression language: text -> tree (`parse`), tree -> value (`evaluate`), tree -> kernel (`compile`). */
export { type Canonical, canonical, canonicalOf } from "./canonical.js";
export { type CompiledExpression, type CompileOptions, compile } from "./compile.js";
export { Composer } from "./compose.js";
export { type CornerPlan, cornerPlanOf } from "./corner-plan.js";
export { corners, haveFixedCorners, mayHaveCorners } from "./corners.js";
export { type Curve, curveOf, curves, variablesIn } from "./curves.js";
export { inDistance } from "./distance.js";
export { evaluate, type Point } from "./evaluate.js";
export type { Expression, Node, Scope } from "./expression.js";
export { CONSTANTS, FUNCTIONS, type FunctionTable } from "./functions.js";
export { type Read, readFunction } from "./javascript/index.js";
export { Library } from "./library.js";
export { MAXIMUM_LENGTH, MAXIMUM_NESTING, MAXIMUM_NODES, parse } from "./parser.js";
export { ELEMENTARY, providerFunctions, scalarFunctions } from "./provider.js";
export { type Phase, separate, type Term } from "./separate.js";
