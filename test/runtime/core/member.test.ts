/** A thread's part in a context: what becomes of its calls that are cut off, with a core that answers what is asked for. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Core } from "../../../ts/runtime/core/core.js";
import { Answer } from "../../../ts/runtime/core/core-things.js";
import { Member } from "../../../ts/runtime/core/member.js";
import { until } from "../library.js";

/** A member whose repairs answer these, then OK. */
function scripted(...answers: (number | Error)[]): { member: Member; repairs: () => number } {
  let repairs = 0;
  const core = {
    threadItem: () => 16,
    threadScratch: () => 64,
    threadValueHand: () => 96,
    threadWaiter: () => 128,
    threadRepair: () => {
      const answer = answers[repairs++] ?? Answer.OK;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as Core;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  return { member: new Member("test", 1, core, memory), repairs: () => repairs };
}

const cut = (): never => {
  throw new RangeError("no room on the stack");
};

test("a call that is cut off is repaired before its error goes on", () => {
  const { member, repairs } = scripted();
  assert.throws(() => member.call(cut), /no room/);
  assert.is(repairs(), 1);
  assert.is(
    member.call(() => Answer.OK),
    Answer.OK,
  );
  assert.is(repairs(), 1);
});

test("a repair without room on the stack is made when that has been unwound", async () => {
  const { member, repairs } = scripted(new RangeError("no room either"));
  assert.throws(() => member.call(cut), /no room on the stack/);
  assert.is(repairs(), 1);
  await Promise.resolve();
  assert.is(repairs(), 2);
});

test("a repair that could not wake all is gone on with, though nobody calls any more", async () => {
  const { member, repairs } = scripted(Answer.BUSY, Answer.BUSY, Answer.BUSY);
  assert.throws(() => member.call(cut), /no room/);
  assert.is(repairs(), 1);
  await until(() => repairs() >= 4);
  assert.is(
    member.call(() => Answer.OK),
    Answer.OK,
  );
  assert.is(repairs(), 4);
});

test("until then calls go on, and try as well", () => {
  const { member, repairs } = scripted(Answer.BUSY, Answer.BUSY);
  assert.throws(() => member.call(cut), /no room/);
  for (const expected of [2, 3, 3]) {
    assert.is(
      member.call(() => Answer.OK),
      Answer.OK,
    );
    assert.is(repairs(), expected);
  }
});

test.run();
