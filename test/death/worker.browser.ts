/** A thread that is to die, in a browser. */
import { serve } from "./inside.js";
import type { Order } from "./order.js";

serve({
  post: (message) => postMessage(message),
  listen: (hear) => addEventListener("message", ({ data }: MessageEvent<Order>) => hear(data)),
  end: () => close(),
  exit: (error) => {
    // It takes effect when the code has returned.
    close();
    throw error;
  },
});
