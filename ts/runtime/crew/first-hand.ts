/**
 * The first hand: a worker for threads and pools that the host starts itself, beside the supervisor, which takes as long to start and could only then start it.
 *
 *   host         spawns it with its first duty and one end of a line, and gives the supervisor the other end and the duty
 *   supervisor   has a hand like the others from then on: what it says, and its death, come by the line, whether or not the host is blocked
 *   by force     only its spawner can end a worker. So the supervisor raises a word for the host, which looks at it in its event loop, and whenever it wakes in a wait
 *                that blocks: it is woken until the hand is dead. Only a host that computes, or sleeps by means of its own, does so later
 *
 * Role: the host, by `FirstHand`; the supervisor, by `adopt`.
 */
import { platform } from "#platform";
import type { SpawnEvents, SpawnedWorker } from "../../platform/types.js";
import type { Member } from "../core/member.js";
import type { AdoptCommand, Duty, HandData } from "../protocol.js";
import { wordChange } from "../waiting/wait.js";

/** Milliseconds between two knocks at the host: short at first, for it may be about to go to sleep. */
const PAUSE_LEAST = 1;
const PAUSE_MOST = 64;

export class FirstHand {
  /** What the supervisor is told. */
  readonly command: AdoptCommand;
  /** Whether nothing of it runs any more. */
  isOver = false;
  private readonly worker: SpawnedWorker;
  /** Raised when it is to be ended by force. */
  private readonly word = new Int32Array(new SharedArrayBuffer(4));

  /**
   * @param data what it receives, but for its first duty
   * @param onOver called when nothing of it runs any more
   * @throws what the engine says when it refuses the script
   */
  constructor(
    member: Member,
    data: Omit<HandData, "first">,
    duty: Duty,
    threadUrl: string | undefined,
    onOver: () => void,
  ) {
    const { port1, port2 } = new MessageChannel();
    const { number } = data;
    const events: SpawnEvents = {
      onMessage: () => {},
      // The supervisor tries others in its place, and says why those cannot start.
      onError: () => {},
      onDeath: () => {
        this.isOver = true;
        member.alarm = undefined;
        this.raise();
        onOver();
      },
    };
    const bed = new Int32Array(new SharedArrayBuffer(4));
    this.command = { kind: "adopt", number, duty, line: port2, end: this.word, bed };
    const first = { line: port1, duty };
    this.worker = platform.spawn("thread", threadUrl, { ...data, first }, events, platform.flags(), [port1]);
    this.worker.unref();
    const look = (): void => {
      if (!this.isOver && Atomics.load(this.word, 0) !== 0) this.worker.terminate();
    };
    member.alarm = { bed, look };
    void wordChange(this.word, 0, 0).then(look);
  }

  /** Ends it by force: its supervisor has died, as the other hands have. */
  end(): void {
    this.raise();
    if (!this.isOver) this.worker.terminate();
  }

  private raise(): void {
    Atomics.store(this.word, 0, 1);
    Atomics.notify(this.word, 0);
  }
}

/** The first hand, as its supervisor has it. */
export function adopt({ line, end, bed }: AdoptCommand, words: Int32Array, events: SpawnEvents): SpawnedWorker {
  let pause = PAUSE_LEAST;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const knock = (): void => {
    Atomics.notify(words, Atomics.load(bed, 0) >>> 2);
    timer = setTimeout(knock, pause);
    pause = Math.min(2 * pause, PAUSE_MOST);
  };
  platform.watch(
    { port: line, lock: "" },
    {
      onHeld: () => 0,
      onMessage: (message) => events.onMessage(message),
      onDeath: () => {
        clearTimeout(timer);
        events.onDeath();
      },
    },
  );
  return {
    post: (message, transfer = []) => line.postMessage(message, transfer),
    ref: () => {},
    unref: () => {},
    terminate: () => {
      if (timer !== undefined) return;
      Atomics.store(end, 0, 1);
      Atomics.notify(end, 0);
      knock();
    },
  };
}
