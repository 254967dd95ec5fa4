/** Items of a queue: a value that must be written again after a wait, and a member that says what the test wants. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { HandleError } from "../../ts/errors.js";
import { Parcel, unpack } from "../../ts/queue/item.js";
import { Answer } from "../../ts/runtime/core/core-things.js";
import type { Member } from "../../ts/runtime/core/member.js";
import { type Codec, makeCodec } from "../../ts/values/codec.js";
import { Tag } from "../../ts/values/tags.js";
import { difference } from "./same.js";
import { NO_HANDLES } from "./trip.js";

const BLOCK = 4096;
const WORDS = { tagAt: 0, blockAt: 1, numberAt: 1 };

/** A member with one block of memory, whose core gives the answers of the lists, then OK. */
function makeMember(puts: number[], takes: number[] = []) {
  const memory = new SharedArrayBuffer(1 << 20);
  const log = { drops: 0, tag: 0, number: 0 };
  const core = {
    valueTake: () => takes.shift() ?? BLOCK,
    valueDrop: () => {
      log.drops++;
    },
    queuePut(_grip: number, _waiter: number, tag: number, _block: number, number: number) {
      Object.assign(log, { tag, number });
      return puts.shift() ?? Answer.OK;
    },
  };
  const member = {
    ...WORDS,
    core,
    bytes: new Uint8Array(memory),
    words: new Int32Array(memory),
    floats: new Float64Array(memory),
    call: (operation: () => number) => operation(),
  } as unknown as Member;
  /** What the receiver gets. */
  const receive = (codec: Codec): unknown => {
    member.words[WORDS.tagAt] = log.tag;
    member.words[WORDS.blockAt] = BLOCK;
    member.floats[WORDS.numberAt] = log.number;
    return unpack(member, codec);
  };
  return { member, log, receive };
}

const values = [
  "text",
  "длинный текст ".repeat(20),
  { an: "object", e: new Error("e") },
  Float64Array.of(1, 2),
  7n ** 90n,
];
/** What others put meanwhile; each kind uses the codec's memory in its way. */
const others = ["another text", "x".repeat(3000), { other: [1] }, new Uint8Array(5)];

for (const [what, puts, takes] of [
  ["the queue's lock", [Answer.BUSY, Answer.BUSY], []],
  ["the memory's lock", [], [Answer.BUSY, Answer.BUSY]],
  ["both", [Answer.BUSY, Answer.BUSY], [Answer.BUSY, BLOCK, Answer.BUSY]],
] as const) {
  test(`puts a value that had to wait for ${what} while others were encoded`, () => {
    for (const value of values) {
      const codec = makeCodec(NO_HANDLES);
      const { member, receive } = makeMember([...puts], [...takes]);
      const parcel = new Parcel(member, codec, value, 0, 0);
      let tries = 1;
      while (parcel.put(0, 0) === Answer.BUSY) {
        tries++;
        member.bytes.fill(0, BLOCK, BLOCK + 8192);
        for (const other of others) {
          const between = makeMember([]);
          new Parcel(between.member, codec, other, 0, 0).put(0, 0);
        }
      }
      assert.is(tries, puts.length + takes.filter((answer) => answer === Answer.BUSY).length + 1);
      assert.is(difference(receive(makeCodec(NO_HANDLES)), value), null);
    }
  });
}

test("puts a value again whose bytes were given up, as a wait does that gets no waiter", () => {
  const codec = makeCodec(NO_HANDLES);
  for (const value of values) {
    const { member, log, receive } = makeMember([Answer.WAIT]);
    const parcel = new Parcel(member, codec, value, 0, 0);
    assert.is(parcel.put(0, 0), Answer.WAIT);
    parcel.drop();
    assert.is(log.drops, 1);
    for (const other of others) new Parcel(makeMember([]).member, codec, other, 0, 0).put(0, 0);
    assert.is(parcel.put(0, 0), Answer.OK);
    assert.is(difference(receive(makeCodec(NO_HANDLES)), value), null);
  }
});

test("puts an array as it was when the wait began", () => {
  const codec = makeCodec(NO_HANDLES);
  for (const { member, receive } of [makeMember([Answer.BUSY]), makeMember([], [Answer.BUSY])]) {
    const array = Float64Array.of(1, 2);
    const parcel = new Parcel(member, codec, array, 0, 0);
    assert.is(parcel.put(0, 0), Answer.BUSY);
    array[0] = 9;
    assert.is(parcel.put(0, 0), Answer.OK);
    assert.equal(receive(codec), Float64Array.of(1, 2));
  }
});

test("frees the bytes of an item that cannot be made again", () => {
  const codec = makeCodec({
    toHandle: (value) => (value instanceof URL ? { stale: true } : undefined),
    fromHandle() {
      throw new HandleError("it is stale");
    },
  });
  for (const value of [new URL("https://example.org"), [new URL("https://example.org")]]) {
    const { member, log, receive } = makeMember([]);
    assert.is(new Parcel(member, codec, value, 0, 0).put(0, 0), Answer.OK);
    assert.ok(log.tag >= Tag.FIRST_WITH_BYTES);
    assert.throws(
      () => receive(codec),
      (error: unknown) => error instanceof HandleError,
    );
    assert.is(log.drops, 1);
  }
});

test.run();
