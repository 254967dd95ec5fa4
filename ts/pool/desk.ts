/**
 * A desk: one thread's side of one pool. A pool that travels is another object at each arrival; what they need in shared memory is made once.
 *
 *   open    somebody has an object of the pool, or an end is to be heard of
 *   closed  after the last; or the context was closed, and nobody hears of anything
 *
 * Role: one thread.
 */
import { ClosedError } from "../errors.js";
import { Kind } from "../runtime/core/core-things.js";
import type { Member } from "../runtime/core/member.js";
import { letGo } from "../sync/thing.js";
import { assertLoaded, type Place, type Spec, specOf } from "../threads/target.js";
import { Mailbox } from "./mailbox.js";
import { define } from "./wire.js";

/** Open desks of each member, by the pool's identity. */
const desks = new WeakMap<Member, Map<number, Desk>>();

export class Desk {
  /** Its own, so that ends are heard of when nobody has an object of the pool any more. */
  readonly grip: number;
  readonly mailbox: Mailbox;
  /** Numbers of functions: by what they are, by where they are or what they say. */
  private readonly functions = new WeakMap<object, number>();
  private readonly definitions = new Map<string, number>();
  private users = 0;
  private isClosed = false;
  private readonly end = (): void =>
    this.close(new ClosedError("expected an open context until the task is done, it was closed before"));

  constructor(
    private readonly member: Member,
    address: number,
    private readonly identity: number,
  ) {
    const grip = member.address(() => member.core.thingGrasp(address, identity, Kind.TASKS));
    this.grip = grip;
    try {
      this.mailbox = new Mailbox(member, grip, () => this.rest());
    } catch (error) {
      letGo(this.member, this.grip);
      throw error;
    }
    member.onClose.add(this.end);
  }

  /** One more object of the pool. */
  enter(): void {
    this.users++;
  }

  /** One less. */
  leave(): void {
    this.users--;
    this.rest();
  }

  /**
   * Number of a function among the pool's. To take a function's text, or to parse a URL, costs more than an empty task: it is done once for each.
   *
   * @throws {ArgumentError} @throws {FunctionError} @throws {TransferError} @throws {OutOfMemoryError}
   */
  definition(fn: unknown): number {
    const known = typeof fn === "function" ? this.functions.get(fn) : this.definitions.get(keyOfPlace(fn));
    if (known !== undefined) return known;
    const spec: Spec = specOf(fn, "fn");
    if ("url" in spec) assertLoaded(spec.url, spec.name);
    const key = "source" in spec ? spec.source : keyOf(spec.url, spec.name);
    let number = this.definitions.get(key);
    if (number === undefined) {
      number = define(this.member, this.grip, spec);
      this.definitions.set(key, number);
    }
    if (typeof fn === "function") this.functions.set(fn, number);
    return number;
  }

  private rest(): void {
    if (this.users === 0 && this.mailbox.size === 0) this.close(null);
  }

  private close(error: ClosedError | null): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.member.onClose.delete(this.end);
    desks.get(this.member)?.delete(this.identity);
    this.mailbox.close(error, () => letGo(this.member, this.grip));
  }
}

/** This thread's desk for the pool of a grip. @throws {OutOfMemoryError} @throws {BusyError} */
export function deskOf(member: Member, grip: number): Desk {
  const { core } = member;
  const identity = core.thingIdentity(grip) >>> 0;
  let here = desks.get(member);
  if (here === undefined) {
    here = new Map();
    desks.set(member, here);
  }
  let desk = here.get(identity);
  if (desk === undefined) {
    desk = new Desk(member, core.thingAddress(grip) >>> 0, identity);
    here.set(identity, desk);
  }
  return desk;
}

/** Of a function's place, as `definitions` knows it; "" where there is none, or it has to be looked at more closely. */
function keyOfPlace(target: unknown): string {
  if (target instanceof URL) return keyOf(target.href, "default");
  if (typeof target !== "object" || target === null) return "";
  const { url, export: name = "default" } = target as Partial<Place>;
  const href = url instanceof URL ? url.href : url;
  return typeof href === "string" && typeof name === "string" ? keyOf(href, name) : "";
}

function keyOf(href: string, name: string): string {
  return `${name} ${href}`;
}
