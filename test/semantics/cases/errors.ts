/** The errors: classes, codes, parents. */
import * as assert from "uvu/assert";
import { CODES, chapter } from "../world.js";

const { cases, rule } = chapter("errors");

export { cases };

rule("each class is exported, and has its name and code", "Empty, Full, ShutDown, BrokenBarrierError …", (world) => {
  for (const name of Object.keys(CODES)) {
    const Class: unknown = Reflect.get(world.heddle, name);
    assert.type(Class, "function", name);
    assert.ok((Class as { prototype: unknown }).prototype instanceof Error, name);
  }
});

rule("none is a subclass of another", "none is a subclass of another", (world) => {
  const classes = Object.keys(CODES).map((name) => Reflect.get(world.heddle, name) as { prototype: object });
  for (const one of classes) {
    for (const other of classes) {
      if (one !== other) assert.is(Object.prototype.isPrototypeOf.call(other.prototype, one.prototype), false);
    }
  }
});

rule("a timeout that is wrong is a RangeError, all others are HeddleErrors", "ValueError", async (world) => {
  const queue = world.own(new world.heddle.Queue());
  const error = await world.fails(() => queue.get({ timeout: -1 }), "TimeoutRangeError");
  assert.instance(error, RangeError);
  assert.match(error.message, "-1");
});

rule("messages say what was expected and what came", "str(error)", async (world) => {
  const queue = world.own(new world.heddle.Queue(3));
  await queue.putMany([1, 2, 3]);
  const full = await world.fails(() => queue.putNowait(4), "QueueFullError");
  assert.match(full.message, /full/);
  const type = await world.fails(() => queue.get({ timeout: "soon" as unknown as number }), "ArgumentError");
  assert.match(type.message, /timeout/);
  assert.match(type.message, /soon/);
});

rule("errors have a stack that shows the caller", "traceback", async (world) => {
  const queue = world.own(new world.heddle.Queue());
  const error = await world.fails(() => queue.getNowait(), "QueueEmptyError");
  assert.type(error.stack, "string");
});
