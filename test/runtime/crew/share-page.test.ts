// @timeout 180
/** Guests on a page, in Chromium: Workers of the page's own that attach, and how their deaths come to be known. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Pages, script } from "../../browser/page.js";

const pages = new Pages();
test.after(() => pages.close());

/** A module worker of the page's: takes a share and what to do, attaches, holds the lock, says so, does it. */
const GUEST = `
import * as library from "/browser.js";
const next = () => new Promise((resolve) => addEventListener("message", ({ data }) => resolve(data), { once: true }));
onmessage = async ({ data: { share, handle, text } }) => {
  onmessage = null;
  const body = new Function("library", "share", "handle", "next", "acquire", "return (async () => {" + text + "})()");
  const acquire = (member) => {
    const grip = member.core.thingGrasp(...handle) >>> 0;
    while (member.core.mutexAcquire(grip, member.ownWaiter, -1) === 3) member.core.waiterPark(member.ownWaiter, -1);
    return grip;
  };
  try {
    await body(library, share, handle, next, acquire);
  } catch (error) {
    postMessage({ error: String(error.code ?? error) });
  }
};
postMessage("up");`;

/** What a page's script finds: guests, locks, and looks at both until what is expected has come. */
const TOOLS = `
  const until = async (isTrue) => { while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 10)); };
  const hear = (worker) => new Promise((resolve) => worker.addEventListener("message", ({ data }) => resolve(data), { once: true }));
  const owner = heddle.createHeddle();
  const { core } = owner.member;
  const makeLock = () => {
    const grip = core.mutexMake(0, 0) >>> 0;
    return { grip, handle: [core.thingAddress(grip) >>> 0, core.thingIdentity(grip) >>> 0, 4] };
  };
  /** A worker that has run "text" up to its first message. */
  const start = async (share, lock, text) => {
    const worker = new Worker("/guest.js", { type: "module" });
    await hear(worker);
    worker.postMessage({ share, handle: lock.handle, text }, share.transfer);
    return { worker, said: await hear(worker) };
  };
  const taken = () => Array.from({ length: 255 }, (_, i) => core.threadState(i + 1)).filter((state) => state !== 0).length;
  const HOLD = "const attached = await library.attach(share); const { member } = attached; acquire(member); postMessage('held');";
`;

const PAGE = { pages: { "/guest.js": GUEST } };

test("smoke: a page's worker attaches and works on the same memory, if there is a number left", () =>
  pages.open(PAGE, async (page) => {
    const outcome = await page.evaluate<unknown>(
      script(`${TOOLS}
        const lock = makeLock();
        const share = owner.share();
        const all = Array.from({ length: 254 }, () => core.threadClaim());
        const { said, worker } = await start(share, lock, \`
          const { member } = await library.attach(share);
          const grip = acquire(member);
          postMessage([member.id, member.number, await library.attach(share).catch(({ code }) => code), member.core.mutexRelease(grip, 0)]);\`);
        const refused = await start(owner.share(), lock, "await library.attach(share);");
        for (const each of [worker, refused.worker]) each.terminate();
        return [said, share.id, core.mutexIsLocked(lock.grip), refused.said];`),
    );
    const [said, id, isLocked, refused] = outcome as [unknown[], string, number, unknown];
    assert.equal(said, [id, 255, "ERR_HANDLE", 0]);
    assert.is(isLocked, 0);
    assert.equal(refused, { error: "ERR_WORKER" });
  }));

/** What a guest that holds the lock does, and what the page does to it. */
const ENDS: readonly [name: string, text: string, act: string][] = [
  ["that is terminated while it is idle", "await next();", "worker.terminate();"],
  ["that is terminated in a loop", "for (;;);", "worker.terminate();"],
  [
    "that is terminated while it sleeps",
    "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
    "worker.terminate();",
  ],
  ["that closes itself", "await next(); self.close();", "worker.postMessage('end');"],
  ["that leaves", "await next(); attached.close(); attached.close(); await next();", "worker.postMessage('leave');"],
];

test("a guest gives back its lock and its number, whichever way it ends", () =>
  pages.open(PAGE, async (page) => {
    // Side by side: each waits for five seconds in which the dead might still write.
    const outcome = await page.evaluate<Record<string, unknown>>(
      script(`${TOOLS}
        const outcomes = {};
        const end = async ([name, text, act]) => {
          const lock = makeLock();
          const { said, worker } = await start(owner.share(), lock, HOLD + text);
          const before = core.mutexAcquire(lock.grip, 0, -1);
          new Function("worker", act)(worker);
          let answer;
          await until(() => (answer = core.mutexAcquire(lock.grip, 0, -1)) !== 3);
          core.mutexRelease(lock.grip, 0);
          core.thingClose(lock.grip);
          worker.terminate();
          outcomes[name] = [said, before, answer];
        };
        await Promise.all(${JSON.stringify(ENDS)}.map(end));
        await until(() => taken() === 0);
        return { ...outcomes, used: owner.info().memory.used };`),
    );
    for (const [name] of ENDS) assert.equal(outcome[name], ["held", 3, 9], `a guest ${name}`);
    assert.is(outcome.used, 0);
  }));

test("a share whose worker is terminated before it attaches has taken no number", () =>
  pages.open(PAGE, async (page) => {
    const outcome = await page.evaluate<unknown>(
      script(`${TOOLS}
        const { said, worker } = await start(owner.share(), makeLock(), "postMessage('never'); await next();");
        worker.terminate();
        owner.share();
        return [said, taken()];`),
    );
    assert.equal(outcome, ["never", 0]);
  }));

test("a share of a context that the page closed meanwhile is refused", () =>
  pages.open(PAGE, async (page) => {
    const outcome = await page.evaluate<unknown>(
      script(`${TOOLS}
        const share = owner.share();
        await owner.close();
        return (await start(share, { handle: [] }, "await library.attach(share);")).said;`),
    );
    assert.equal(outcome, { error: "ERR_CLOSED" });
  }));

test("guests hear that the page closed the context", () =>
  pages.open(PAGE, async (page) => {
    const outcome = await page.evaluate<unknown>(
      script(`${TOOLS}
        const { said, worker } = await start(owner.share(), makeLock(), \`
          const { member } = await library.attach(share);
          member.onClose.add(() => postMessage(member.isClosed));
          postMessage("attached");\`);
        const heard = hear(worker);
        await owner.close();
        return [said, await heard];`),
    );
    assert.equal(outcome, ["attached", true]);
  }));

test("a context that a worker made has guests as well", () =>
  pages.open(PAGE, async (page) => {
    const outcome = await page.evaluate<unknown>(
      script(`${TOOLS}
        const { said } = await start(owner.share(), makeLock(), \`
          const own = library.createHeddle();
          const { core } = own.member;
          const grip = core.mutexMake(0, 0) >>> 0;
          const ours = own.share();
          const worker = new Worker("/guest.js", { type: "module" });
          await new Promise((resolve) => { worker.onmessage = resolve; });
          const text = ${JSON.stringify("const { member } = await library.attach(share); acquire(member); postMessage('held'); await next();")};
          const inner = [core.thingAddress(grip) >>> 0, core.thingIdentity(grip) >>> 0, 4];
          worker.postMessage({ share: ours, handle: inner, text }, ours.transfer);
          const { data } = await new Promise((resolve) => { worker.onmessage = resolve; });
          worker.terminate();
          let answer;
          while ((answer = core.mutexAcquire(grip, 0, -1)) === 3) await new Promise((resolve) => setTimeout(resolve, 10));
          postMessage([data, answer]);\`);
        return said;`),
    );
    assert.equal(outcome, ["held", 9]);
  }));

test("on a page that is not isolated, share says which headers are missing", () =>
  pages.open({ isolated: false }, async (page) => {
    const [code, message] = await page.evaluate<string[]>(
      script("try { heddle.share(); } catch (error) { return [error.code, error.message]; }"),
    );
    assert.is(code, "ERR_UNSUPPORTED");
    assert.match(message!, "Cross-Origin-Opener-Policy: same-origin");
    assert.match(message!, "Cross-Origin-Embedder-Policy: require-corp");
  }));

test.run();
