// @timeout 300
/** Every program of this suite. */
import { exploreSuite } from "../explore-suite.js";
import { SYNC } from "./sync.js";

await exploreSuite(SYNC);
