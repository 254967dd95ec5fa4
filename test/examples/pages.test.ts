// @timeout 300
/** The examples that use nothing of Node's, each on a page of its own: what comes to its console is what they promise. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Pages } from "../browser/page.js";
import { until } from "../runtime/library.js";
import { assertInOrder, assertKept, isOfNode, readExamples } from "./example.js";

/** Milliseconds after which lines of a page's threads that have not come are counted as missing. */
const LATE = 20_000;

const pages = new Pages();
test.after(() => pages.close());

const examples = readExamples().filter((example) => !isOfNode(example));

test("only those are left out that need Node", () => {
  const others = readExamples().filter(isOfNode);
  assert.equal(
    others.map(({ name }) => name),
    ["echo-server.js", "page-downloader.js", "printer-thread.js"],
  );
});

for (const example of examples) {
  const path = `/examples/${example.name}`;
  // What bundlers do, and servers for development: a page's workers know no names of packages.
  const text = example.text.replaceAll('from "heddle"', 'from "/browser.js"');

  test(`${example.name} prints what it promises on a page`, () =>
    pages.open({ pages: { [path]: text } }, async (page) => {
      const printed: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "log") printed.push(...message.text().split("\n"));
      });
      const own = await page.evaluate<string[]>(`(async () => {
        const own = [];
        const { log } = console;
        console.log = (...words) => { own.push(words.join(" ")); log(...words); };
        await import(${JSON.stringify(path)});
        return own;
      })()`);
      const deadline = performance.now() + LATE;
      await until(() => printed.length >= example.promised.length || performance.now() > deadline);
      // The console gathers from all threads, in an order of its own; the page's own lines are in theirs.
      assertKept(example, printed, true);
      assertInOrder(example, own);
    }));
}

test.run();
