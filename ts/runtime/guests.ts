/**
 * Guests: threads that somebody else started and that take part in a context by `attach`. Here they are watched; a dead one is buried.
 *
 * Role: whoever hears of deaths: the supervisor in Node, the page in browsers.
 */
import { platform } from "#platform";
import type { CrewNews, WatchCommand } from "./protocol.js";
import type { Recovery } from "./recovery.js";

export class Guests {
  /** What ends each watch. */
  private readonly watches = new Set<() => void>();

  constructor(
    private readonly recovery: Recovery,
    private readonly tell: (news: CrewNews) => void,
  ) {}

  watch({ share, number, line }: WatchCommand): void {
    const end = platform.watch(line, () => {
      this.watches.delete(end);
      // Told before the number can be free: from then on it may be another's.
      this.tell({ kind: "left", share });
      this.recovery.bury(number);
    });
    this.watches.add(end);
  }

  /** From now on nobody hears of their deaths. */
  close(): void {
    for (const end of this.watches) end();
    this.watches.clear();
  }
}
