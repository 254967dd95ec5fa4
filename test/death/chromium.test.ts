// @timeout 1800
/**
 * Deaths under load in Chromium: the page makes the context and kills, the load is on Web Workers.
 *
 *   DEATHS  of each type; default 3, with STRESS=1 14
 *   SEED    of the first round
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { launch, NO_CHROMIUM, type Page } from "../tools/chromium.js";
import { random } from "../tools/random.js";
import { serve } from "../tools/serve.js";
import { skip } from "../tools/skip.js";
import { watchdog } from "../tools/watchdog.js";
import { LOCKS } from "./lock-loads.js";
import { bundle } from "./node.js";
import { QUEUES } from "./queue-loads.js";
import { Totals } from "./report.js";

const STRESS = process.env.STRESS === "1";
const DEATHS = Number(process.env.DEATHS ?? (STRESS ? 14 : 3));
const WITHIN = STRESS ? 800 : 300;
const SEED = Number(process.env.SEED ?? 1 + (Date.now() % 1_000_000));
const SECONDS = 150;
/** What a death held comes back after some seconds: rounds of several types wait for that together. */
const AT_A_TIME = 4;

const TYPES = [...QUEUES, ...LOCKS];
const GROUPS = Array.from({ length: Math.ceil(TYPES.length / AT_A_TIME) }, (_, i) =>
  TYPES.slice(AT_A_TIME * i, AT_A_TIME * (i + 1)),
);
const PAGE = '<!doctype html><title>heddle</title><script type="module" src="/death-page.js"></script>';

const next = random(SEED);
const browser = await launch();
test.after(async () => browser?.close());

test(`nothing hangs, is lost, comes twice or leaks in Chromium in ${DEATHS} deaths of each type under load`, async () => {
  if (browser === null) return skip(NO_CHROMIUM);
  const server = await serve("build", {
    pages: {
      "/": PAGE,
      "/death-page.js": await bundle("test/death/page.browser.ts", "browser"),
      "/death-worker.js": await bundle("test/death/worker.browser.ts", "browser"),
    },
  });
  try {
    await killOn(await browser.newPage(), server.origin);
  } finally {
    await server.close();
  }
});

/** Rounds on a page, until each type has had its deaths. */
async function killOn(page: Page, origin: string): Promise<void> {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(origin);
  await page.waitForFunction("typeof runRound === 'function'", { timeout: 30_000 });
  const totals = new Totals();
  for (const group of STRESS ? GROUPS : [drawn(), drawn()]) {
    const dog = watchdog(SECONDS, () => `${group}; the page's errors: ${errors.join("; ")}`);
    const begun = performance.now();
    const reports = await Promise.all(
      group.map((type, i) =>
        page.evaluate<{ readonly findings: readonly string[] }>(
          `runRound(${JSON.stringify(type)}, ${DEATHS}, ${WITHIN}, ${SEED + i})`,
        ),
      ),
    );
    dog.clear();
    reports.forEach((report, i) => {
      assert.equal(report.findings, [], `${group[i]}, seed ${SEED + i}`);
      totals.add(report);
      console.log(`${group[i]}, seed ${SEED + i}: ${JSON.stringify(report)}`);
    });
    console.log(`${group}, ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  }
  console.log(`seed ${SEED}: ${totals}`);
  assert.equal(errors, []);
}

/** Where there is little time: some types, others each time. */
function drawn(): readonly string[] {
  return Array.from({ length: AT_A_TIME }, () => TYPES[Math.floor(next() * TYPES.length)]!);
}

test.run();
