/** The threads of the tests in this folder: each does what its order says. */
import { parentPort, workerData } from "node:worker_threads";
import type { Handle, Share } from "../../ts/index.js";
import type { Library } from "../runtime/library.js";
import { type CarryOrder, consume, produce } from "./carry.js";
import { type DivesOrder, makeDives } from "./dives.js";
import { beNeighbour, type NeighbourOrder } from "./neighbour.js";

export type ThreadOrder =
  | ({ readonly job: "neighbour" } & NeighbourOrder)
  | ({ readonly job: "dives"; readonly library: string; readonly share: Share } & DivesOrder)
  | ({ readonly job: "carry"; readonly library: string; readonly share: Share } & CarryOrder)
  | { readonly job: "idle"; readonly library: string; readonly share: Share; readonly queue: Handle };

const order = workerData as ThreadOrder;

switch (order.job) {
  case "neighbour":
    await beNeighbour(order);
    break;
  case "dives":
    await attached(order, (library) => makeDives(library, order));
    break;
  case "carry":
    await attached(order, (library) => (order.producer < 0 ? consume(library, order) : produce(library, order)));
    break;
  case "idle":
    await attached(order, (library) => library.Queue.from(order.queue).getSync());
    break;
}

/** Does something in the context, and tells what came of it. */
async function attached(
  { library, share }: { readonly library: string; readonly share: Share },
  work: (library: Library) => unknown,
): Promise<void> {
  const heddle = (await import(library)) as Library;
  const attachment = await heddle.attach(share);
  const result = work(heddle);
  attachment.close();
  parentPort?.postMessage(result);
}
