/**
 * The seat: a thread's own place in the context, if Heddle has started it. All copies of the library on that thread find it, since a bundle may bring another.
 *
 * Role: a worker of the workshop.
 */
import { platform } from "#platform";
import { WorkerError } from "../../errors.js";
import type { Seat } from "../../platform/types.js";
import { instantiateCore } from "../core/core.js";
import { attachMember, Member, rememberMember } from "../core/member.js";
import type { Delivery, Duty, HandCommand, HandData, HandMessage, Order, Ref, Sender } from "../protocol.js";
import { Arrivals } from "./arrivals.js";

/** What the copies share. */
interface Place {
  readonly data: HandData;
  readonly order: (order: Order, transfer?: Transferable[]) => void;
  readonly claim: (id: string, sender: Sender) => Promise<unknown>;
  /** The thread whose target runs now. */
  current: Ref | undefined;
  /** Duties begun: what a thread leaves behind is told from the next one's by it. */
  duties: number;
}

/** What a worker is told besides what arrives. */
type Command = Exclude<HandCommand, Delivery>;

const PLACE = Symbol.for("heddle.place.1");

function place(): Place | undefined {
  return (globalThis as { [PLACE]?: Place })[PLACE];
}

/** Takes the seat: once, by the worker's script. */
export async function takeSeat(): Promise<{
  readonly member: Member;
  readonly post: (message: HandMessage) => void;
  readonly listen: (hear: (command: Command) => void) => void;
  /** What it begins with, where that is known. */
  readonly duty: Duty | undefined;
}> {
  const given: Seat = await platform.takeSeat();
  const data = given.data as HandData;
  const seat = data.first === undefined ? given : seatOn(data.first.line, data);
  const post = (message: HandMessage, transfer?: Transferable[]): void => seat.post(message, transfer);
  const arrivals = new Arrivals();
  (globalThis as { [PLACE]?: Place })[PLACE] = {
    data,
    order: (order, transfer) => post({ kind: "order", order }, transfer),
    claim: (id, sender) => {
      post({ kind: "order", order: { kind: "claim", id, sender } });
      return arrivals.expect(id);
    },
    current: undefined,
    duties: 0,
  };
  const member = sit(data);
  member.core.threadReady();
  const listen = (hear: (command: Command) => void): void => {
    seat.listen((message) => {
      const command = message as HandCommand;
      if (command.kind === "bring") arrivals.arrive(command);
      else hear(command);
    });
  };
  return { member, post, listen, duty: data.first?.duty };
}

/** The seat of the first hand, whose workshop is at the other end of a line. */
function seatOn(line: MessagePort, data: HandData): Seat {
  return {
    data,
    post: (message, transfer = []) => line.postMessage(message, transfer),
    listen: (hear) => {
      line.onmessage = (event) => hear(event.data);
    },
  };
}

function sit(data: HandData): Member {
  const core = instantiateCore(data.core, data.memory, data.base, data.number, platform.mayBlock());
  if (!core.contextIsValid()) {
    throw new WorkerError(
      "expected a shared memory that this version of Heddle set up; is the worker script another version's?",
    );
  }
  const member = new Member(data.id, data.number, core, data.memory);
  const { order, claim } = place() as Place;
  member.workshop = { isHere: false, order, claim, main: () => data.main };
  rememberMember(member);
  attachMember(member);
  return member;
}

/** This thread's member, for a copy of the library that has not taken the seat itself; undefined on threads that Heddle did not start. */
export function sitBeside(): Member | undefined {
  const data = place()?.data;
  return data === undefined ? undefined : sit(data);
}

/** The thread whose target runs on this worker now, if it is one of that context. */
export function currentRef(context: string): Ref | undefined {
  const here = place();
  return here?.data.id === context ? here.current : undefined;
}

export function setCurrent(ref: Ref | undefined): void {
  const here = place();
  if (here !== undefined) here.current = ref;
}

/** A duty begins: a thread's life, or a pool's service. */
export function beginDuty(): void {
  const here = place();
  if (here !== undefined) here.duties++;
}

/** Number of the duty that goes on here; 0 on threads that Heddle did not start. */
export function currentDuty(): number {
  return place()?.duties ?? 0;
}
