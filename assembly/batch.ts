/** The drivers for integrands that take many points at a time: instantiated as they are, with the integrand as an import. */
export { grid, map, runs } from "./quad/drivers/batch";
