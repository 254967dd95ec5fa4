/**
 * The inside of a worker: joins the memory of the thread that started it, then runs partners, or cases with partners of its own.
 */

import { CASES } from "./cases/index.js";
import type { Attachment, Guard, Library, Share, Shared } from "./library.js";
import { type Answer, type Envelope, type Gift, plainError, type Request, unpack, type Wish } from "./messages.js";
import { type Here, partners } from "./partners.js";
import { Stage } from "./stage.js";
import type { Channel, Engine } from "./threads.js";

export interface Inside {
  post(message: Answer | Wish): void;
  listen(hear: (message: Envelope | Gift) => void): void;
  spawn(): Channel;
  exit(): void;
  onRejection(hear: (reason: unknown) => void): void;
}

/** Milliseconds between two looks of a thread that blocks until something is true. */
const LOOK = 1;

export function serve(inside: Inside): void {
  const guards: Guard[] = [];
  const revived: Shared[] = [];
  let heddle: Library;
  let library: string;
  let targets: string;
  let attachment: Attachment;
  let stage: Stage | undefined;

  // The word never changes: this is how a thread sleeps without an event loop.
  const never = new Int32Array(new SharedArrayBuffer(4));
  const until = (isTrue: () => boolean): void => {
    while (!isTrue()) Atomics.wait(never, 0, 0, LOOK);
  };

  const wishes = new Map<number, (share: Share) => void>();
  const engine = (): Engine => ({
    ...inside,
    library,
    targets,
    // Only the thread that made the context makes shares: ours asks its parent.
    share: () =>
      new Promise((resolve) => {
        const wish = wishes.size;
        wishes.set(wish, resolve);
        inside.post({ wish });
      }),
    used: () => attachment.member.core.memoryUsed() >>> 0,
  });

  const obey = async (request: Request): Promise<unknown> => {
    switch (request.do) {
      case "join":
        ({ library, targets } = request);
        heddle = (await import(library)) as Library;
        attachment = await heddle.attach(request.share);
        return undefined;
      case "partner": {
        const args = request.args.map((value) => unpack(heddle, value, (object) => revived.push(object)));
        const partner = (partners as Record<string, (here: Here, ...args: unknown[]) => unknown>)[request.name];
        if (partner === undefined) throw new Error(`expected the name of a partner, got ${request.name}`);
        return partner({ heddle, guards, until, exit: inside.exit }, ...args);
      }
      case "tidy":
        for (const object of revived.splice(0)) object.close();
        if (guards.splice(0).length > 0) throw new Error("expected every guard that was taken to be given back");
        return undefined;
      case "case": {
        const subject = CASES[request.index];
        if (subject === undefined) throw new Error(`expected the number of a case, got ${request.index}`);
        stage ??= new Stage(heddle, request.where, engine());
        return stage.run(subject);
      }
    }
  };

  inside.listen(async (message) => {
    if ("wish" in message) {
      wishes.get(message.wish)?.(message.share);
      return;
    }
    const { id, request } = message;
    try {
      inside.post({ id, result: await obey(request) });
    } catch (thrown) {
      inside.post({ id, error: plainError(thrown) });
    }
  });
}
