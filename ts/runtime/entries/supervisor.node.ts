/**
 * Entry of the supervisor thread in Node: it spawns and watches the workers, because only the spawner's event loop hears of a death, and the main
 * thread's may be blocked in a `…Sync` call.
 */
import { parentPort, type TransferListItem, workerData } from "node:worker_threads";
import { instantiateCore, SUPERVISOR } from "../core/core.js";
import { Crew } from "../crew/crew.js";
import { Recovery } from "../crew/recovery.js";
import { Workshop } from "../crew/workshop.js";
import type { CrewCommand, CrewNews, SupervisorData } from "../protocol.js";

const { workerUrl, threadUrl, flags, math, ...data } = workerData as SupervisorData;
// It may sleep, and must not: the lock that it would sleep on may be held by a thread that it is to recover.
const self = { base: data.base, number: SUPERVISOR, mayBlock: false };
const core = instantiateCore(data.core, data.memory, self.base, self.number, self.mayBlock);
const recovery = new Recovery(core, self);
const workshop = new Workshop(core, recovery, data, threadUrl, flags, tell);
const crew = new Crew(core, recovery, { ...data, math }, workerUrl, tell, workshop);

function tell(news: CrewNews, transfer: Transferable[] = []): void {
  parentPort?.postMessage(news, transfer as TransferListItem[]);
  if (news.kind === "closed") parentPort?.close();
}

parentPort?.on("message", (command: CrewCommand) => crew.obey(command));
tell({ kind: "up" });
