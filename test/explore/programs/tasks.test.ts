// @timeout 300
/** Every program of this suite. */
import { exploreSuite } from "../explore-suite.js";
import { TASKS } from "./tasks.js";

await exploreSuite(TASKS);
