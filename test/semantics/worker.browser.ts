/** A worker of these tests in a browser. */
import { browserChannel, onRejection } from "./browser-channel.js";
import { serve } from "./inside.js";
import type { Envelope, Gift } from "./messages.js";

serve({
  post: (message) => postMessage(message),
  listen: (hear) => addEventListener("message", ({ data }: MessageEvent<Envelope | Gift>) => void hear(data)),
  exit: () => close(),
  onRejection,
  spawn: () => browserChannel(new Worker(import.meta.url, { type: "module" })),
});
