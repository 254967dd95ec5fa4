// @timeout 300
/** Every program of this suite. */
import { exploreSuite } from "../explore-suite.js";
import { ARENA } from "./arena.js";

await exploreSuite(ARENA);
