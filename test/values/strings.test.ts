/** Strings: every unit arrives, in the shortest format, whichever of the ways it takes. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeCodec } from "../../ts/values/codec.js";
import { Tag } from "../../ts/values/tags.js";
import { makeTrip, NO_HANDLES } from "./trip.js";

const RUNS = process.env["STRESS"] ? 100_000 : 2000;
/** On both sides of every place where another way begins: loops, decoders, their buffer, the scratch memory, the sizes of MessagePack. */
const LENGTHS = [
  0, 1, 3, 4, 7, 8, 9, 31, 32, 33, 39, 40, 41, 63, 64, 65, 100, 2047, 2048, 8191, 8192, 8193, 16384, 16385,
];
const LONG = 3_000_000;

const trip = makeTrip();
const codec = makeCodec(NO_HANDLES);
const tagOf = (text: string) => codec.encode(text).tag;

/** Inside of objects, lone surrogates and a byte order mark at the head of a long string are lost. */
const isLost = (text: string) => /\p{Surrogate}/u.test(text) || (text.startsWith("\ufeff") && text.length > 20);

/** Not assert.is, which would print them. */
function arrives(text: string): void {
  assert.ok(trip(text) === text, `${text.length} units beginning with ${JSON.stringify(text.slice(0, 20))}`);
  if (isLost(text)) return;
  assert.ok(trip([text])[0] === text, `the same in an array`);
  const name = `${text}!`;
  assert.ok(Object.keys(trip({ [name]: 1 }))[0] === name, `the same as a name`);
}

const alphabets: [name: string, unit: string, tagShort: number, tagLong: number][] = [
  ["ASCII", "a", Tag.STRING_LATIN1, Tag.STRING_LATIN1],
  ["NUL", "\0", Tag.STRING_LATIN1, Tag.STRING_LATIN1],
  ["DEL", "\x7f", Tag.STRING_LATIN1, Tag.STRING_LATIN1],
  ["the first after ASCII", "\x80", Tag.STRING_LATIN1, Tag.STRING_UTF16],
  ["what Windows-1252 says otherwise", "\x9f", Tag.STRING_LATIN1, Tag.STRING_UTF16],
  ["the last of Latin-1", "\xff", Tag.STRING_LATIN1, Tag.STRING_UTF16],
  ["the first after Latin-1", "\u0100", Tag.STRING_UTF16, Tag.STRING_UTF16],
  ["a byte order mark", "\ufeff", Tag.STRING_UTF16, Tag.STRING_UTF16],
  ["the last unit", "\uffff", Tag.STRING_UTF16, Tag.STRING_UTF16],
];

for (const [name, unit, tagShort, tagLong] of alphabets) {
  test(`takes ${name} in every length and at every place`, () => {
    for (const length of LENGTHS) {
      arrives(unit.repeat(length));
      if (length === 0) continue;
      arrives(unit + "x".repeat(length - 1));
      arrives("x".repeat(length - 1) + unit);
      arrives("x".repeat(length >> 1) + unit + "y".repeat(length >> 1));
    }
    assert.is(tagOf(unit.repeat(20)), tagShort);
    assert.is(tagOf(unit.repeat(200)), tagLong);
    assert.is(tagOf(`${"x".repeat(200)}${unit}`), tagLong);
  });
}

test("takes pairs of surrogates, and lone ones", () => {
  const paired = ["😀", "a😀b", "😀😀", "\u{10ffff}", "\u{10000}"];
  const lone = ["\ud800", "\udc00", "\udfff\ud800", "\ud800\ud800\udc00", "\ud83d😀", "😀\ude00", "\udbff.", ".\udc00"];
  for (const length of LENGTHS) {
    for (const [texts, tag] of [
      [paired, Tag.STRING_UTF16],
      [lone, Tag.STRING_UNPAIRED],
    ] as const) {
      for (const text of texts) {
        for (const whole of [text + "x".repeat(length), "x".repeat(length) + text, `${"x".repeat(length)}${text}ы`]) {
          arrives(whole);
          assert.is(tagOf(whole), tag);
        }
      }
    }
  }
});

test("takes what fast-check can think of", () => {
  const unit = fc.oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0, max: 0xff }),
    fc.integer({ min: 0xd7f0, max: 0xe010 }),
    fc.integer({ min: 0, max: 0xffff }),
  );
  const text = fc.string({ unit: unit.map((code) => String.fromCharCode(code)), maxLength: 150 });
  fc.assert(fc.property(text, arrives), { numRuns: RUNS });
});

test("takes strings that engines keep in pieces", () => {
  const whole = "a part of a whole, ".repeat(50);
  arrives(whole.slice(13, 500));
  arrives(whole.slice(13, 40));
  let rope = "";
  for (let i = 0; i < 500; i++) rope += String(i);
  arrives(rope);
  arrives(`${rope}ы${rope}`);
});

test("takes long strings", () => {
  for (const unit of ["x", "é", "ы", "\ud800"]) assert.ok(trip(unit.repeat(LONG)) === unit.repeat(LONG));
});

test.run();
