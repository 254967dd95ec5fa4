/**
 * Guests: threads that somebody else started and that take part in a context by `attach`. Here they are watched; a dead one is buried.
 *
 * Role: whoever hears of deaths: the supervisor in Node, the page in browsers.
 */
import { platform } from "#platform";
import type { Core } from "../core/core.js";
import type { CrewNews, EndOrder, WatchCommand } from "../protocol.js";
import type { Recovery } from "./recovery.js";

export class Guests {
  /** What ends each watch. */
  private readonly watches = new Set<() => void>();

  constructor(
    private readonly core: Core,
    private readonly recovery: Recovery,
    private readonly tell: (news: CrewNews) => void,
    /** What a guest may ask of the workshop. */
    private readonly obey: (order: EndOrder) => void,
  ) {}

  watch({ share, number, line }: WatchCommand): void {
    let guest = number;
    const end = platform.watch(line, {
      onHeld: () => {
        guest = this.core.threadClaim();
        return guest;
      },
      onMessage: (message) => this.obey(message as EndOrder),
      onDeath: () => {
        this.watches.delete(end);
        // Told before the number can be free: from then on it may be another's.
        this.tell({ kind: "left", share });
        if (guest !== 0) this.recovery.bury(guest);
      },
    });
    this.watches.add(end);
  }

  /** From now on nobody hears of their deaths. */
  close(): void {
    for (const end of this.watches) end();
    this.watches.clear();
  }
}
