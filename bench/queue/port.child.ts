/**
 * Node's MessagePort as a contender: what one has without shared memory.
 *
 *   port.child.js PLAN… copied|moved
 *
 * A port has no capacity, so the receiver gives credit: the sender stops when as many messages as a queue would hold are
 * under way. A port has two ends, so several producers and consumers are as many pairs: they do not share a queue, which
 * spares them what the others have to do.
 */
import { isMainThread, MessageChannel, type MessagePort } from "node:worker_threads";
import { ARRAY_LENGTH, type Order, orderOf } from "./config.js";
import { type Pass, printFigures, readPlan, runCrew, type Seat, Trips, unpack, work } from "./crew.js";

type Send = (port: MessagePort, number: number) => void;

function senderOf(kind: string, how: string): Send {
  if (kind === "objects") return (port, number) => port.postMessage(orderOf(number));
  if (kind !== "arrays") return (port, number) => port.postMessage(number);
  const kept = new Float64Array(ARRAY_LENGTH);
  return (port, number) => {
    const array = how === "moved" ? new Float64Array(ARRAY_LENGTH) : kept;
    array[0] = number;
    array[ARRAY_LENGTH - 1] = number;
    port.postMessage(array, how === "moved" ? [array.buffer] : []);
  };
}

/** The number in a message; -1 when its two ends differ. */
function numberIn(kind: string, message: unknown): number {
  if (kind === "objects") return (message as Order).id;
  if (kind !== "arrays") return message as number;
  const array = message as Float64Array;
  const first = array[0] as number;
  return array[ARRAY_LENGTH - 1] === first ? first : -1;
}

function put(port: MessagePort, items: number, window: number, send: Send): Promise<Pass> {
  return new Promise((resolve) => {
    let sent = 0;
    let credit = window;
    const pump = (): void => {
      for (; credit > 0 && sent < items; credit--) send(port, ++sent);
      // All credit is back: the other end has everything.
      if (sent === items && credit === window) {
        port.removeListener("message", onCredit);
        resolve({ sum: 0 });
      }
    };
    const onCredit = (more: number): void => {
      credit += more;
      pump();
    };
    port.on("message", onCredit);
    pump();
  });
}

function get(port: MessagePort, items: number, window: number, kind: string): Promise<Pass> {
  return new Promise((resolve) => {
    let received = 0;
    let sum = 0;
    let owed = 0;
    const onMessage = (message: unknown): void => {
      const number = numberIn(kind, message);
      sum = number < 0 || sum < 0 ? -1 : sum + number;
      received++;
      if (++owed === window / 4 || received === items) {
        port.postMessage(owed);
        owed = 0;
      }
      if (received < items) return;
      port.removeListener("message", onMessage);
      resolve({ sum });
    };
    port.on("message", onMessage);
  });
}

function call(port: MessagePort, items: number): Promise<Pass> {
  return new Promise((resolve) => {
    const trips = new Trips(items);
    let sum = 0;
    let sent = 0;
    let begun = 0;
    const next = (): void => {
      begun = performance.now();
      port.postMessage(++sent);
    };
    const onMessage = (number: number): void => {
      trips.add(begun, performance.now());
      sum += number;
      if (sent < items) {
        next();
        return;
      }
      port.removeListener("message", onMessage);
      resolve({ sum, ...trips.percentiles() });
    };
    port.on("message", onMessage);
    next();
  });
}

function echo(port: MessagePort, items: number): Promise<Pass> {
  return new Promise((resolve) => {
    let received = 0;
    const onMessage = (number: number): void => {
      port.postMessage(number);
      if (++received < items) return;
      port.removeListener("message", onMessage);
      resolve({ sum: 0 });
    };
    port.on("message", onMessage);
  });
}

if (isMainThread) {
  const plan = readPlan();
  const channels = Array.from({ length: plan.producers }, () => new MessageChannel());
  const pack = ({ role, index }: Seat) => {
    const { port1, port2 } = channels[index] as MessageChannel;
    const port = role === "put" || role === "call" ? port1 : port2;
    return { data: port, transfer: [port] };
  };
  printFigures(await runCrew(new URL(import.meta.url), plan, pack));
} else {
  const { plan, seat, data: port } = unpack<MessagePort>();
  const { kind, capacity } = plan;
  const send = senderOf(kind, plan.options[0] ?? "");
  // Between the passes nobody listens, and nothing is under way: the sender has its credit back.
  await work((items) => {
    switch (seat.role) {
      case "put":
        return put(port, items, capacity, send);
      case "get":
        return get(port, items, capacity, kind);
      case "call":
        return call(port, items);
      default:
        return echo(port, items);
    }
  });
}
