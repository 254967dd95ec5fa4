/** Entry of a worker for threads and pools in Node. What it shares with the library beside it is loaded once: one set of classes, one place in the context. */
import { serve } from "../../serve/duties.js";
import { printAtOnce } from "./print.node.js";

printAtOnce();
void serve(() => import("../../serve/serve.js"));
