/**
 * Calls that hold memory of a context, and those that wait until some of it comes back: a thousand integrals can be asked for at once, where memory has room for some
 * at a time.
 *
 *   enter   -> holding, at once or as soon as memory is not scarce      leave
 *   pass    what this call takes at first is taken: others may look whether it is scarce now
 *   wait    holding, and out of memory in the midst of it: goes on when others have left, before those that have not begun
 *
 * As long as one waits in the midst of it another goes on, whose leaving wakes it: the last would have to wait for itself, and is told so.
 *
 * Role: one thread; nothing here is shared.
 */
import { Line } from "./line.js";

/** So many go on at a time, if they may, though memory is scarce: it may be so for another reason. */
const FEW = 4;

export class Holders {
  private holding = 0;
  private readonly stuck = new Line();
  private readonly fresh = new Line();

  /** @param most that may go on at a time */
  constructor(
    private readonly most: number,
    private readonly isScarce: () => boolean,
  ) {}

  /** Enters, if that can be at once: so that what the call takes is taken before the next one looks. */
  tryEnter(): boolean {
    if (this.fresh.length > 0 || !this.hasRoom) return false;
    this.holding++;
    return true;
  }

  /** Waits in line for that. @throws `signal.reason` when aborted before */
  async enter(signal: AbortSignal | undefined): Promise<void> {
    do await this.fresh.wait(signal);
    while (!this.hasRoom);
    this.holding++;
  }

  private get hasRoom(): boolean {
    return this.holding < this.most && (this.holding < FEW || !this.isScarce());
  }

  /** Lets the next begin, if it can. */
  pass(): void {
    if (this.fresh.length > 0 && this.hasRoom) this.fresh.next();
  }

  /** For one that holds and needs more: waits until another has left. @returns false: all others wait, too. @throws `signal.reason` when aborted before */
  async wait(signal: AbortSignal | undefined): Promise<boolean> {
    if (this.holding - this.stuck.length <= 1) return false;
    await this.stuck.wait(signal);
    return true;
  }

  leave(): void {
    this.holding--;
    if (!this.stuck.next()) this.pass();
  }
}
