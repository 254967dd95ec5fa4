/**
 * Freight: moved values taken out of a list before it goes through shared memory, sent by message beside it, and put in again on the other side.
 *
 *   [1, move(b), 3]  ->  { values: [1, null, 3], holes: [[1, "id"]], … }  and the parcel "id"  ->  [1, b, 3]
 *
 * A parcel is sent when the list has been handed over, so that nothing is gone when that fails; who gets the list first waits for it.
 *
 * Role: any thread that Heddle has started, and the one that made the context.
 */
import { UnsupportedError } from "../errors.js";
import type { Member } from "../runtime/core/member.js";
import type { Ref, Sender } from "../runtime/protocol.js";
import { type Content, contentOf, Moved } from "../values/move.js";

/** A list without its moved values. */
export interface Holey {
  readonly values: readonly unknown[];
  readonly holes: readonly (readonly [index: number, id: string])[];
  readonly sender: Sender;
  /** Whether it is a moved value by itself, in a list of one. */
  readonly isOne: boolean;
}

/** A record that parcels belong to. */
export type Owner = Ref & { readonly kind: number };

/** Ids are told apart by a number that each copy of the library draws once. */
const prefix = Math.floor(Math.random() * 2 ** 52).toString(36);
let count = 0;

export class Freight {
  readonly holey: Holey;
  private readonly parcels = new Map<string, Content>();

  constructor(
    private readonly member: Member,
    values: readonly unknown[],
    isOne: boolean,
  ) {
    const holes: [number, string][] = [];
    const rest = values.map((value, index) => {
      if (!(value instanceof Moved)) return value;
      const id = `${prefix}-${++count}`;
      holes.push([index, id]);
      this.parcels.set(id, contentOf(value));
      return null;
    });
    this.holey = { values: rest, holes, sender: member.sender, isOne };
  }

  /** The list has been handed over. */
  send(owner: Owner): void {
    for (const [id, { value, transfer }] of this.parcels) {
      try {
        this.member.workshop?.order({ kind: "bring", id, owner, value, transfer }, transfer);
      } catch (error) {
        // It cannot be cloned or transferred: who waits for it is told.
        this.member.workshop?.order({ kind: "bring", id, owner, reason: (error as Error).message });
      }
    }
  }

  /** Nobody will ask for it. */
  giveUp(): void {
    // The workshop, which has it, ends with the context.
    if (this.member.isClosed) return;
    this.member.workshop?.order({ kind: "giveUp", ids: [...this.parcels.keys()] });
  }
}

/** The freight of a list, or of one value; null when nothing is moved. @throws {UnsupportedError} this thread cannot move anything */
export function freightOf(member: Member, value: unknown): Freight | null {
  const isOne = value instanceof Moved;
  if (!isOne && !(Array.isArray(value) && value.some((each) => each instanceof Moved))) return null;
  if (member.workshop === undefined) {
    throw new UnsupportedError(
      "expected a thread that Heddle has started, or the one that made the context; a guest cannot move values, only pass them",
    );
  }
  return new Freight(member, isOne ? [value] : (value as unknown[]), isOne);
}

/** What is left of an outcome, of which something comes by message. */
export class Incoming {
  constructor(readonly holey: Holey) {}
}

/** The list, or the one value, with what was moved. @throws {TransferError} something of it does not come */
export async function fill(member: Member, { values, holes, sender, isOne }: Holey): Promise<unknown> {
  const filled = [...values];
  await Promise.all(
    holes.map(async ([index, id]) => {
      filled[index] = await member.workshop?.claim(id, sender);
    }),
  );
  return isOne ? filled[0] : filled;
}
