// @timeout 300
/** Every program of this suite. */
import { exploreSuite } from "../explore-suite.js";
import { LOCK } from "./lock.js";

await exploreSuite(LOCK);
