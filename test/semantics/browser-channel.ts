/** A browser's `Worker` as a channel. */
import type { Answer, Wish } from "./messages.js";
import type { Channel } from "./threads.js";

export function browserChannel(worker: Worker): Channel {
  return {
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    listen(hear, end) {
      worker.addEventListener("message", ({ data }: MessageEvent<Answer | Wish>) => hear(data));
      worker.addEventListener("error", ({ message }) => end(new Error(`another thread failed: ${message}`)));
    },
    // Nothing tells when it is over; the library learns of it by itself.
    terminate: async () => worker.terminate(),
  };
}

/** `Engine.onRejection` of a page or a worker. */
export function onRejection(hear: (reason: unknown) => void): void {
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    hear(event.reason);
  });
}
