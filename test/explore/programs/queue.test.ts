// @timeout 300
/** Every program of this suite. */
import { exploreSuite } from "../explore-suite.js";
import { QUEUE } from "./queue.js";

await exploreSuite(QUEUE);
