/** Entry of a worker for threads and pools in Node. It uses the library beside it, as the user's modules do: one set of classes, one place in the context. */
import { serveThread } from "../../index.js";
import { printAtOnce } from "./print.node.js";

printAtOnce();
void serveThread();
