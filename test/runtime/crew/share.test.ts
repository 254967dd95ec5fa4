/** share and attach: threads of the user's take part in a context, once each, and leave it. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Share } from "../../../ts/index.js";
import { Kind } from "../../../ts/runtime/core/core-things.js";
import { bundleFiles } from "../../tools/bundle-files.js";
import { runProgram } from "../../tools/program.js";
import { watchdog } from "../../tools/watchdog.js";
import { failureOf, inContext, LIBRARY_URL, loadLibrary, memoryReturns, until } from "../library.js";
import { acquireSync, makeLock, startGuest, takenNumbers } from "./share-guest.js";

const OK = 0;
const WAIT = 3;
const ABANDONED = 9;
const GUESTS = 4;
const ADDS = 10_000;

function code(error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code;
}

test("smoke: guests get numbers of their own and the same memory, by workerData and by postMessage", () =>
  inContext({}, async (heddle) => {
    const { core } = heddle.member;
    const counter = core.counterMake(0) >>> 0;
    const handle = [core.thingAddress(counter) >>> 0, core.thingIdentity(counter) >>> 0, Kind.COUNTER];
    const guests = Array.from({ length: GUESTS }, (_, i) => {
      const share = heddle.share();
      const text = `
        const attached = await library.attach(share ?? await hear());
        const { core, number, id } = attached.member;
        const grip = core.thingGrasp(...data.handle) >>> 0;
        for (let i = 0; i < ${ADDS}; i++) core.counterAdd(grip, 1);
        tell({ number, id });`;
      if (i % 2 === 0) return startGuest(share, text, { handle });
      const guest = startGuest(null, text, { handle });
      guest.worker.postMessage(share, share.transfer);
      return guest;
    });
    const told = (await Promise.all(guests.map((guest) => guest.next()))) as { number: number; id: string }[];
    assert.is(new Set(told.map(({ number }) => number)).size, GUESTS);
    for (const { number, id } of told) {
      assert.ok(number >= 1 && number <= 255, `${number}`);
      assert.is(id, heddle.member.id);
    }
    assert.is(core.counterValue(counter), GUESTS * ADDS);
    await Promise.all(guests.map(({ gone }) => gone));
    await until(() => Object.keys(takenNumbers(heddle)).length === 0);
    core.thingClose(counter);
    await memoryReturns(heddle, 0);
  }));

test("smoke: the exported share is of the default context", async () => {
  const library = await loadLibrary();
  const dog = watchdog(30, () => JSON.stringify(library.info()));
  const guest = startGuest(library.share(), "tell((await library.attach(share)).member.id); await hear();");
  const id = await guest.next();
  assert.is(new Set([id, library.share().id]).size, 1);
  await guest.worker.terminate();
  await library.close();
  dog.clear();
});

test("a context of its own in a guest is another one; the exported share there says where to call it", () =>
  inContext({}, async (heddle) => {
    const guest = startGuest(
      heddle.share(),
      `
      await library.attach(share);
      const own = library.createHeddle();
      let refused;
      try { library.share(); } catch (error) { refused = error.code; }
      tell([own.member.id !== share.id, refused, own.share().heddle]);
      await own.close();`,
    );
    assert.equal(await guest.next(), [true, "ERR_UNSUPPORTED", "share"]);
    await guest.gone;
  }));

test("a share serves once: posted once, attached once, by a thread that has no part in the context yet", () =>
  inContext({}, async (heddle) => {
    const [first, second] = [heddle.share(), heddle.share()];
    const guest = startGuest(
      first,
      `
      const codes = [];
      const note = (error) => codes.push(error.code);
      const attached = await library.attach(share);
      await library.attach(share).catch(note);
      const other = await hear();
      await library.attach(other).catch(note);
      attached.close();
      await library.attach(share).catch(note);
      const again = await library.attach(other);
      tell([codes, again.member.number === other.number]);`,
    );
    assert.throws(() => guest.worker.postMessage(first, first.transfer), /DataCloneError|transfer/);
    guest.worker.postMessage(second, second.transfer);
    assert.equal(await guest.next(), [["ERR_HANDLE", "ERR_HANDLE", "ERR_HANDLE"], true]);
    await guest.gone;
    await until(() => Object.keys(takenNumbers(heddle)).length === 0);
  }));

test("attach refuses what is no share", async () => {
  const { attach } = await loadLibrary();
  for (const wrong of [undefined, null, 1, "share", {}, { heddle: "0123" }, []]) {
    const error = await failureOf(attach(wrong as unknown as Share));
    assert.is(code(error), "ERR_ARGUMENT", String(wrong));
    assert.match((error as Error).message, "transfer");
  }
});

test("capacity: 255 shares, then a WorkerError, then one more for each that ends", () =>
  inContext({}, async (heddle) => {
    const shares = Array.from({ length: 255 }, () => heddle.share());
    assert.equal(new Set(shares.map(({ number }) => number)).size, 255);
    assert.throws(
      () => heddle.share(),
      (error: unknown) => code(error) === "ERR_WORKER",
    );
    const guest = startGuest(shares[17]!, "await library.attach(share);");
    await guest.gone;
    await until(() => Object.keys(takenNumbers(heddle)).length === 254);
    assert.is(heddle.share().number, 18);
  }));

test("a guest that closes gives back what it had, and its objects refuse", () =>
  inContext({}, async (heddle) => {
    const lock = makeLock(heddle);
    const used = heddle.info().memory.used;
    const guest = startGuest(
      heddle.share(),
      `
      const attached = await library.attach(share);
      const { member } = attached;
      const grip = acquire(member, data.handle);
      tell("held");
      await hear();
      attached.close();
      attached.close();
      const refusals = [() => member.assertOpen(), () => member.core.mutexAcquire(grip, 0, -1)].map((call) => {
        try { call(); } catch (error) { return error.code; }
      });
      // What a finalizer may still do.
      tell([refusals, member.core.thingClose(grip)]);
      await hear();`,
      { handle: lock.handle },
    );
    assert.is(await guest.next(), "held");
    assert.is(heddle.member.core.mutexAcquire(lock.grip, 0, -1), WAIT);
    guest.worker.postMessage("leave");
    assert.is(acquireSync(heddle, lock, 20), ABANDONED);
    assert.equal(await guest.next(), [["ERR_CLOSED", "ERR_CLOSED"], OK]);
    await until(() => Object.keys(takenNumbers(heddle)).length === 0);
    heddle.member.core.mutexRelease(lock.grip, 0);
    await memoryReturns(heddle, used);
    guest.worker.postMessage("end");
    await guest.gone;
  }));

test("using: a guest leaves at the end of the block", () =>
  inContext({}, async (heddle) => {
    const guest = startGuest(
      heddle.share(),
      `
      const attached = await library.attach(share);
      if (typeof Symbol.dispose === "symbol") attached[Symbol.dispose]();
      else attached.close();
      tell(attached.member.isClosed);
      await hear();`,
    );
    assert.is(await guest.next(), true);
    await until(() => Object.keys(takenNumbers(heddle)).length === 0);
    guest.worker.postMessage("end");
    await guest.gone;
  }));

test("close wakes guests: they hear that the context was closed, and the memory stays good", async () => {
  const { createHeddle } = await loadLibrary();
  const heddle = createHeddle();
  const dog = watchdog(30, () => JSON.stringify(takenNumbers(heddle)));
  const lock = makeLock(heddle);
  const guest = startGuest(
    heddle.share(),
    `
    const attached = await library.attach(share);
    const { member } = attached;
    const closed = new Promise((resolve) => member.onClose.add(resolve));
    tell("attached");
    await awake(closed);
    // An operation that was under way goes on as before.
    const grip = acquire(member, data.handle);
    const released = member.core.mutexRelease(grip, 0);
    let refused;
    try { member.assertOpen(); } catch (error) { refused = error.code; }
    attached.close();
    tell([released, refused]);`,
    { handle: lock.handle },
  );
  assert.is(await guest.next(), "attached");
  await heddle.close();
  assert.ok(heddle.member.isClosed);
  assert.throws(
    () => heddle.share(),
    (error: unknown) => code(error) === "ERR_CLOSED",
  );
  assert.equal(await guest.next(), [OK, "ERR_CLOSED"]);
  await guest.gone;
  dog.clear();
});

test("a share of a context that was closed meanwhile attaches to what is closed", async () => {
  const { createHeddle } = await loadLibrary();
  const heddle = createHeddle();
  const dog = watchdog(30, () => JSON.stringify(takenNumbers(heddle)));
  const share = heddle.share();
  await heddle.close();
  const guest = startGuest(
    share,
    `
    const { member } = await library.attach(share);
    if (!member.isClosed) await awake(new Promise((resolve) => member.onClose.add(resolve)));
    tell(member.isClosed);`,
  );
  assert.is(await guest.next(), true);
  await guest.gone;
  dog.clear();
});

const LOST: readonly [name: string, lose: (share: Share) => Promise<unknown>][] = [
  ["whose thread ends without attaching it", (share) => startGuest(share, "").gone],
  [
    "whose thread is ended before it starts",
    (share) => {
      const guest = startGuest(share, "await library.attach(share); await hear();");
      return guest.worker.terminate();
    },
  ],
  [
    "that lies unread in a thread that ends",
    async (share) => {
      const guest = startGuest(null, "tell('up'); setTimeout(() => process.exit(), 20);");
      await guest.next();
      guest.worker.postMessage(share, share.transfer);
      return guest.gone;
    },
  ],
  [
    "whose thread has a script that throws",
    (share) => failureOf(startGuest(share, "throw new Error('on purpose');").next()),
  ],
];

for (const [name, lose] of LOST) {
  test(`a share ${name} gives its number back`, () =>
    inContext({}, async (heddle) => {
      const share = heddle.share();
      assert.equal(takenNumbers(heddle), { [share.number]: "STARTING" });
      await lose(share);
      await until(() => Object.keys(takenNumbers(heddle)).length === 0);
    }));
}

/** Runs a module in a process of its own, until that ends by itself. */
async function run(text: string, flags: readonly string[] = []): Promise<string> {
  const source = `import { Worker } from "node:worker_threads";
    const library = await import(${JSON.stringify(LIBRARY_URL)});
    ${text}`;
  const { code, stdout, stderr } = await runProgram(source, { flags });
  return `${stdout}${stderr}${code}`;
}

/** A worker of the child's that attaches, says so, and lives on as long as it is let. */
const WORKER = `
  const start = (share) => {
    const worker = new Worker(\`
      const { workerData, parentPort } = require("node:worker_threads");
      import(${JSON.stringify(LIBRARY_URL)}).then(async ({ attach }) => {
        await attach(workerData);
        parentPort.postMessage("attached");
      });\`, { eval: true, execArgv: [], workerData: share, transferList: share.transfer });
    return new Promise((resolve) => worker.once("message", resolve)).then(() => worker);
  };`;

const LIVES: readonly [name: string, text: string][] = [
  ["with a share that nobody took", "globalThis.kept = library.share();"],
  ["with a share that nobody kept", "library.share();"],
  ["whose guest ends by itself", `${WORKER} await start(library.share());`],
  [
    "whose guest sleeps for ever, and is not to be waited for",
    `const share = library.share();
     const worker = new Worker("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)", {
       eval: true, execArgv: [], workerData: share, transferList: share.transfer });
     worker.unref();`,
  ],
  ["that closes its context", `${WORKER} await start(library.share()); await library.close();`],
];

for (const [name, text] of LIVES) {
  test(`a process ends by itself ${name}`, async () => {
    assert.is(await run(`${text} console.log("done");`), "done\n0");
  });
}

test("a program without the supervisor's script hears that nobody would hear of deaths", async () => {
  const folder = mkdtempSync(join(tmpdir(), "heddle-share-"));
  try {
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    for (const file of bundleFiles("node")) copyFileSync(join("build", file), join(folder, file));
    const output =
      await run(`const alone = await import(${JSON.stringify(pathToFileURL(join(folder, "node.js")).href)});
      alone.share();
      setTimeout(() => console.log("never"), 20_000);`);
    assert.match(output, "WorkerError");
    assert.match(output, "supervisor");
    assert.is(output.at(-1), "1");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a share that was dropped gives its number back when it is collected", async () => {
  const text = `
    const heddle = library.createHeddle();
    const taken = () => Array.from({ length: 255 }, (_, i) => heddle.member.core.threadState(i + 1)).filter(Boolean).length;
    (() => heddle.share())();
    console.log(taken());
    while (taken() > 0) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    console.log(taken());`;
  assert.is(await run(text, ["--expose-gc"]), "1\n0\n0");
});

test.run();
