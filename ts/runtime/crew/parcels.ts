/**
 * Parcels: values that travel by message beside the shared memory, kept until they are asked for.
 *
 *   brought, then claimed     or     claimed, then brought
 *   given up                  by the sender, when nobody will ask; with the record that it belongs to, when that is gone
 *   lost                      the sender died first: who asks is told
 *
 * Role: the workshop's thread.
 */
import type { Core } from "../core/core.js";
import type { Delivery, ParcelOrder, Sender } from "../protocol.js";
import { isGone } from "./grasp.js";

type Parcel = Extract<ParcelOrder, { readonly kind: "bring" }>;
type Give = (delivery: Delivery) => void;

export class Parcels {
  private readonly kept = new Map<string, Parcel>();
  /** The records that these belong to, by identity: thousands may belong to one. */
  private readonly owners = new Map<number, { readonly owner: Parcel["owner"]; readonly ids: Set<string> }>();
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
      if (asked === undefined) this.keep(order);
      else asked.give(order);
    } else if (order.kind === "claim") {
      const { id, sender } = order;
      const parcel = this.take(id);
      if (parcel !== undefined) give(parcel);
      else if (this.lives(sender)) this.asked.set(id, { sender, give });
      else give({ kind: "bring", id, reason: LOST });
    } else {
      for (const id of order.ids) this.take(id);
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

  private keep(parcel: Parcel): void {
    const { id, owner } = parcel;
    const others = this.owners.get(owner.id) ?? { owner, ids: new Set() };
    others.ids.add(id);
    this.owners.set(owner.id, others);
    this.kept.set(id, parcel);
  }

  private take(id: string): Parcel | undefined {
    const parcel = this.kept.get(id);
    if (parcel === undefined) return undefined;
    this.kept.delete(id);
    const others = this.owners.get(parcel.owner.id);
    others?.ids.delete(id);
    if (others?.ids.size === 0) this.owners.delete(parcel.owner.id);
    return parcel;
  }

  /** Nobody will ask for what belongs to a pool or thread that is gone. */
  private sweep(): void {
    for (const { owner, ids } of this.owners.values()) {
      if (isGone(this.core, owner, owner.kind)) for (const id of ids) this.take(id);
    }
  }
}

const LOST = "the thread that moved it has died";
