/**
 * Arrivals: parcels that this thread has asked for (parcels.ts), until they come.
 *
 * Role: one thread.
 */
import { TransferError } from "../../errors.js";
import type { Delivery } from "../protocol.js";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Arrivals {
  private readonly waiting = new Map<string, Waiting>();

  /** @throws {TransferError} it does not come */
  expect(id: string): Promise<unknown> {
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  arrive(delivery: Delivery): void {
    const waiting = this.waiting.get(delivery.id);
    this.waiting.delete(delivery.id);
    if ("reason" in delivery) waiting?.reject(lost(delivery.reason));
    else waiting?.resolve(delivery.value);
  }

  /** Nothing comes any more. */
  fail(reason: string): void {
    for (const { reject } of this.waiting.values()) reject(lost(reason));
    this.waiting.clear();
  }
}

function lost(reason: string): TransferError {
  return new TransferError(`it was moved, and did not arrive: ${reason}`, "value", "lost");
}
