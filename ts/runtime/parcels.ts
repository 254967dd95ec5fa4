/**
 * Parcels: values that travel by message beside the shared memory, kept until they are asked for.
 *
 *   brought, then claimed     or     claimed, then brought
 *   given up                  by the sender, when nobody will ask; with the record that it belongs to, when that is gone
 *   lost                      the sender died first: who asks is told
 *
 * Role: the workshop's thread.
 */
import type { Core } from "./core.js";
import { LEAST_ADDRESS } from "./core.js";
import { Answer } from "./core-things.js";
import type { Delivery, ParcelOrder, Sender } from "./protocol.js";

type Give = (delivery: Delivery) => void;

export class Parcels {
  private readonly kept = new Map<string, Extract<ParcelOrder, { readonly kind: "bring" }>>();
  private readonly asked = new Map<string, { readonly sender: Sender; readonly give: Give }>();

  /** @param lives whether a thread can still send */
  constructor(
    private readonly core: Core,
    private readonly lives: (sender: Sender) => boolean,
  ) {}

  /** @param give brings something to whoever has sent the order */
  obey(order: ParcelOrder, give: Give): void {
    if (order.kind === "bring") {
      const asked = this.asked.get(order.id);
      this.asked.delete(order.id);
      this.sweep();
      if (asked === undefined) this.kept.set(order.id, order);
      else asked.give(order);
    } else if (order.kind === "claim") {
      const { id, sender } = order;
      const parcel = this.kept.get(id);
      this.kept.delete(id);
      if (parcel !== undefined) give(parcel);
      else if (this.lives(sender)) this.asked.set(id, { sender, give });
      else give({ kind: "bring", id, reason: LOST });
    } else {
      for (const id of order.ids) this.kept.delete(id);
    }
  }

  /** A thread has died: what it has not brought by now does not come. */
  onDeath(): void {
    for (const [id, { sender, give }] of this.asked) {
      if (this.lives(sender)) continue;
      this.asked.delete(id);
      give({ kind: "bring", id, reason: LOST });
    }
    this.sweep();
  }

  /** Nobody will ask for what belongs to a pool or thread that is gone. */
  private sweep(): void {
    const gone = new Map<number, boolean>();
    for (const [id, { owner }] of this.kept) {
      let isGone = gone.get(owner.id);
      if (isGone === undefined) {
        const grip = this.core.thingGrasp(owner.address, owner.id, owner.kind) >>> 0;
        isGone = grip === Answer.STALE;
        gone.set(owner.id, isGone);
        if (grip >= LEAST_ADDRESS) this.letGo(grip);
      }
      if (isGone) this.kept.delete(id);
    }
  }

  private letGo(grip: number): void {
    if (this.core.thingClose(grip) === Answer.BUSY) setTimeout(() => this.letGo(grip), 1);
  }
}

const LOST = "the thread that moved it has died";
