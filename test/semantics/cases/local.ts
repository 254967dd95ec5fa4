/** local: section 4 of the reference. What each thread sees is told by functions of targets.ts. */
import * as assert from "uvu/assert";
import { chapter, HOSTS, type World } from "../world.js";

const { cases, rule } = chapter("local", HOSTS);

export { cases };

/** What `localFacts` tells on threads of their own, one after the other. */
async function told(world: World, count: number): Promise<unknown[]> {
  const queue = world.own(new world.heddle.Queue());
  for (let i = 0; i < count; i++) {
    const thread = world.own(new world.heddle.Thread({ target: world.target("localFacts"), args: [queue, i] }));
    thread.start();
    await thread.join();
  }
  return queue.snapshot() as unknown[];
}

rule(
  "each thread has its own properties, made anew when it first looks",
  "per-thread attribute set; a subclass constructor is run again in each thread on first use, with the original arguments",
  async (world) => {
    const facts = (name: number) => ({
      before: ["made"],
      made: [1, 2],
      missing: undefined,
      after: ["made", "name"],
      name,
    });
    assert.equal(await told(world, 3), [facts(0), facts(1), facts(2)]);
  },
  { ours: "a function makes it: there is no subclass" },
);

rule("values die with their thread", "values die with the thread", async (world) => {
  const first = await told(world, 1);
  assert.equal(await told(world, 1), first);
});

rule(
  "what is missing is undefined, and can be deleted",
  "AttributeError for get and delete",
  (world) => {
    const mine = world.heddle.local<{ x?: number }>();
    assert.equal([mine.x, "x" in mine, delete mine.x], [undefined, false, true]);
    mine.x = 5;
    assert.equal([mine.x, "x" in mine, Object.keys(mine), { ...mine }], [5, true, ["x"], { x: 5 }]);
    delete mine.x;
    assert.equal([mine.x, Object.keys(mine)], [undefined, []]);
  },
  { ours: "as all objects of JavaScript" },
);

rule("what makes it is a function", "the base class refuses arguments (TypeError)", async (world) => {
  for (const make of [5, {}, null]) await world.fails(() => world.heddle.local(make as never), "ArgumentError");
});

rule("two of them have nothing in common", "each local object has its own values", (world) => {
  const [one, other] = [world.heddle.local<{ x?: number }>(), world.heddle.local<{ x?: number }>()];
  one.x = 1;
  assert.is(other.x, undefined);
});
