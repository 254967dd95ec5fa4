/**
 * The inside of a worker: joins the memory of the thread that started it, then runs partners, or cases with partners of its own.
 */
import type { Guard, Library, Shared } from "./api.js";
import { CASES } from "./cases/index.js";
import { type Answer, type Envelope, plainError, type Request, unpack } from "./messages.js";
import { type Here, partners } from "./partners.js";
import { Stage } from "./stage.js";
import type { Channel } from "./threads.js";

export interface Inside {
  post(answer: Answer): void;
  listen(hear: (envelope: Envelope) => void): void;
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
  let stage: Stage | undefined;

  // The word never changes: this is how a thread sleeps without an event loop.
  const never = new Int32Array(new SharedArrayBuffer(4));
  const until = (isTrue: () => boolean): void => {
    while (!isTrue()) Atomics.wait(never, 0, 0, LOOK);
  };

  const obey = async (request: Request): Promise<unknown> => {
    switch (request.do) {
      case "join":
        library = request.library;
        heddle = (await import(library)) as Library;
        await heddle.attach(request.share as Parameters<Library["attach"]>[0]);
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
        stage ??= new Stage(heddle, request.where, { ...inside, library });
        return stage.run(subject);
      }
    }
  };

  inside.listen(async ({ id, request }) => {
    try {
      inside.post({ id, result: await obey(request) });
    } catch (thrown) {
      inside.post({ id, error: plainError(thrown) });
    }
  });
}
