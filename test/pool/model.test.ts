// @timeout 300
/** Every interleaving of the pool's protocol: it holds, and without any one of its steps it does not. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { explore, type Mutation, type Setting } from "./model.js";

const STRESS = process.env.STRESS === "1";

const PLAIN: Setting = {
  jobs: 1,
  workers: 2,
  chunks: 1,
  seats: 1,
  deaths: 1,
  cuts: 0,
  kills: 3,
  hostComputes: false,
  afterlife: false,
  leavesEarly: false,
  replaced: false,
};

/** What is searched whole. Two workers in an afterlife make a million states, on two jobs two million. */
const SETTINGS = {
  "two workers, one seat": PLAIN,
  "a recovery that is cut off": { ...PLAIN, workers: 1, chunks: 2, cuts: 2, replaced: true },
  "a worker that dies twice and goes on for a while": {
    ...PLAIN, workers: 1, chunks: 2, deaths: 2, replaced: true, afterlife: true,
  },
  "a host that computes, left alone": { ...PLAIN, workers: 1, chunks: 2, cuts: 1, hostComputes: true },
  "a host that computes beside the dead": { ...PLAIN, workers: 1, seats: 2, hostComputes: true, afterlife: true },
  "a death after the last chunk, and nobody left": { ...PLAIN, workers: 1, cuts: 1, deathsAtTheEndOnly: true },
  "a chunk that kills": { ...PLAIN, workers: 1, deaths: 2, kills: 2, replaced: true },
  "a chunk that kills, with an afterlife": { ...PLAIN, workers: 1, deaths: 2, kills: 2, replaced: true, afterlife: true },
  "two workers that go round": { ...PLAIN, chunks: 2, leavesEarly: true },
  "a worker that goes round, beside a host that computes": {
    ...PLAIN, workers: 1, chunks: 2, seats: 2, hostComputes: true, leavesEarly: true, replaced: true,
  },
  "a worker that goes round, and on for a while when dead": {
    ...PLAIN, workers: 1, chunks: 2, leavesEarly: true, replaced: true, afterlife: true,
  },
  "an integrand that fails": { ...PLAIN, seats: 2, fails: true },
  "an integrand that fails, on a worker that goes on for a while when dead": {
    ...PLAIN, workers: 1, replaced: true, afterlife: true, fails: true,
  },
  "an integrand that fails beside a host that computes": {
    ...PLAIN, workers: 1, chunks: 2, seats: 2, hostComputes: true, cuts: 1, replaced: true, fails: true,
  },
  "two jobs": { ...PLAIN, jobs: 2, workers: 1, leavesEarly: true, replaced: true },
} satisfies Record<string, Setting>; // biome-ignore format: a table

type SettingName = keyof typeof SETTINGS;

const STRESS_SETTINGS: Readonly<Record<string, Setting>> = {
  "two workers, two chunks": { ...PLAIN, chunks: 2, seats: 2 },
  "two workers, one seat, a cut": { ...PLAIN, cuts: 1 },
  "two workers, an afterlife": { ...PLAIN, afterlife: true },
  "two workers, two jobs": { ...PLAIN, jobs: 2, deaths: 0, leavesEarly: true },
};

function check(setting: Setting): void {
  const { failure, seen, states } = explore(setting);
  if (failure !== null) assert.unreachable(`${failure.what}:\n${failure.trace.join("\n")}`);
  assert.ok(seen.has("done"), "some run ends well");
  assert.is(seen.has("poisoned"), setting.deaths >= setting.kills, "poisoned if and only if there are deaths enough");
  assert.is(seen.has("failed"), setting.fails === true, "failed if and only if the integrand may fail");
  assert.ok(states > 100, `${states} states`);
}

for (const [name, setting] of Object.entries({ ...SETTINGS, ...(STRESS ? STRESS_SETTINGS : {}) })) {
  test(`model: with ${name} no interleaving fails`, () => check(setting));
}

const SLEEPS = /everybody sleeps|can never finish/;
const TOUCHED = /touched after it was freed/;
const TWICE = /counted twice/;
const UNWRITTEN = /read before it is written/;

/** Without this nothing fails: a dead thread that gives back what it has does what its watcher would. */
const CAUTION = "12: the dead gives its seat back but clears the hold";

/** Each step done wrongly, a setting that shows it, and what happens then. */
const MUTATIONS: Record<Exclude<Mutation, typeof CAUTION>, readonly [setting: SettingName, failure: RegExp]> = {
  "4: the bell is read after the look": ["two workers, one seat", SLEEPS],
  "5a: no hold": ["a worker that dies twice and goes on for a while", TOUCHED],
  "5a: the hold is not marked as unsure": ["two workers, one seat", TOUCHED],
  "5b: the slot is not read again": ["two workers, one seat", TOUCHED],
  "8: the claim is a plain store": ["two workers, one seat", TWICE],
  "9c: the state comes before the fault": ["an integrand that fails", /fault is read before it is written/],
  "9c: the host is not told": ["an integrand that fails", SLEEPS],
  "10: the state is a plain store": ["a host that computes beside the dead", TWICE],
  "10: the state comes before the slot": ["two workers, one seat", UNWRITTEN],
  "11: nobody looks at all states": ["a host that computes, left alone", SLEEPS],
  "11: the look waits until nothing is left": ["a worker that goes round, beside a host that computes", SLEEPS],
  "12: the seat is kept": ["two workers, one seat", SLEEPS],
  "12: the hold is cleared before the seat": ["two workers, one seat", TOUCHED],
  "12: the bell is not rung for a seat": ["two workers that go round", SLEEPS],
  "12: the bell is rung after the hold is cleared": ["two workers that go round", SLEEPS],
  "14: recovery cares for unsure holds as well": ["two workers, one seat", TOUCHED],
  "15: recount is never set": ["a host that computes, left alone", SLEEPS],
  "16: the chunk is not freed": ["a host that computes, left alone", SLEEPS],
  "17: what the dead began to fail stays": ["an integrand that fails", SLEEPS],
  "17: the seat is not freed": ["two workers, one seat", SLEEPS],
  "18: next stays": ["a host that computes, left alone", SLEEPS],
  "19: recovery does not look at all states": ["a death after the last chunk, and nobody left", SLEEPS],
  "20: the host is not told": ["a host that computes, left alone", SLEEPS],
  "20: the bell is not rung": ["two workers, one seat", SLEEPS],
  "21: the hold is cleared first": ["a host that computes, left alone", SLEEPS],
  "21: the hold is cleared while the dead may still run": ["a chunk that kills, with an afterlife", TOUCHED],
  "21: no second recovery": ["a chunk that kills, with an afterlife", SLEEPS],
  "22: the event is read after the state": ["two workers, one seat", SLEEPS],
  "23: reduced in place": ["a host that computes beside the dead", /overwritten/],
  "24: the holds are read before the slot is cleared": ["two workers, one seat", TOUCHED],
  "25: the block is freed at once": ["two workers, one seat", TOUCHED],
  "ring: notify without a count": ["two workers, one seat", SLEEPS],
  "announce: notify without a count": ["a host that computes, left alone", SLEEPS],
};

for (const [mutation, [name, expected]] of Object.entries(MUTATIONS)) {
  test(`model: fails when step ${mutation}`, () => {
    const { failure } = explore(SETTINGS[name], mutation as Mutation);
    assert.ok(failure !== null, "the search must find a counterexample");
    assert.match(failure?.what ?? "", expected, failure?.trace.join("\n") ?? "");
  });
}

for (const name of [
  "a worker that goes round, and on for a while when dead",
  "a host that computes beside the dead",
] as const) {
  test(`model: with ${name}, the dead may as well give back themselves`, () => {
    assert.is(explore(SETTINGS[name], CAUTION).failure, null);
  });
}

test.run();
