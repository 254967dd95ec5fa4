// A thread that draws a ruler as wide as the terminal, and draws it again whenever the width changes.
//
// Only the main thread hears of the terminal; the printer sleeps until it is told a width. In a terminal, change the
// window's width and see; Ctrl-C ends it. Without one, the program tells three widths of its own.
import { Queue, Thread } from "heddle";

const widths = new Queue();

const printer = new Thread({
  target: async (widths) => {
    for await (const width of widths) {
      const ruler = "----+----|".repeat(Math.ceil(width / 10)).slice(0, width);
      console.log(ruler);
    }
  },
  args: [widths],
  name: "printer",
});
printer.start();

const { stdout } = process;
if (stdout.isTTY) {
  const tell = () => widths.putNowait(stdout.columns);
  stdout.on("resize", tell);
  tell();
} else {
  for (const width of [40, 25, 60]) await widths.put(width);
  widths.shutdown(); // no more: the printer's loop ends, and so does the program
}

// Output:
// ----+----|----+----|----+----|----+----|
// ----+----|----+----|----+
// ----+----|----+----|----+----|----+----|----+----|----+----|
