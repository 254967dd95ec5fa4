/**
 * Tenant: the encoded value that lies where the next one will be written: in the buffer of a codec's strings, in msgpackr's, in what a codec of the
 * caller's uses again.
 *
 * One for the thread, not one for each place: msgpackr has one buffer for all codecs, two queues may have one codec of the caller's.
 *
 *   nobody -> moved in: it was encoded -> nobody: it left, since something else is about to be encoded
 *
 * Role: any thread.
 */
export interface Tenant {
  /** Its place is about to be used: takes what is still needed along. */
  leave(): void;
}

let tenant: Tenant | null = null;

/** Before a place is used that is used again and again; as late as possible, since code of the caller's may encode something, too. */
export function makeWay(): void {
  tenant?.leave();
  tenant = null;
}

/** While it was encoded, others may have been: then they have places of their own, or leave theirs now. */
export function moveIn(next: Tenant): void {
  makeWay();
  tenant = next;
}

/** Its place is its own from here on. */
export function moveOut(former: Tenant): void {
  if (tenant === former) tenant = null;
}
