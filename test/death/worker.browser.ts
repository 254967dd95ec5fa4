/** A thread that is to die, in a browser. */
import { serve } from "./inside.js";
import type { Message, Order } from "./order.js";

// What is wrong has been reported; the rest is what lives throw that are to die.
addEventListener("unhandledrejection", (event) => event.preventDefault());

serve({
  post: (message) => postMessage(message),
  listen: (hear) => addEventListener("message", ({ data }: MessageEvent<Order>) => hear(data)),
  end: () => close(),
  exit: (error) => {
    postMessage({ kind: "dying" } satisfies Message);
    // It takes effect when the code has returned.
    close();
    throw error;
  },
});
