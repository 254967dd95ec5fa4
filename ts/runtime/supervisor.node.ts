/**
 * Entry of the supervisor thread in Node: it spawns and watches the workers, because only the spawner's event loop hears of a death, and the main
 * thread's may be blocked in a `…Sync` call.
 */
import { parentPort, workerData } from "node:worker_threads";
import { instantiateCore } from "./core.js";
import { Crew } from "./crew.js";
import type { CrewCommand, CrewNews, SupervisorData } from "./protocol.js";

const { workerUrl, ...data } = workerData as SupervisorData;
// Number 0 is the host's; the supervisor computes nothing, so it needs none of its own.
const core = instantiateCore(data.core, data.memory, data.base, 0, true);
const crew = new Crew(core, data, workerUrl, tell);

function tell(news: CrewNews): void {
  parentPort?.postMessage(news);
  if (news.kind === "closed") parentPort?.close();
}

parentPort?.on("message", (command: CrewCommand) => crew.obey(command));
