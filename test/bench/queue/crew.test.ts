import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Plan, seatsOf, Trips } from "../../../bench/queue/crew.js";

function plan(kind: Plan["kind"], producers: number, consumers: number): Plan {
  return { kind, producers, consumers, items: 512, warm: 256, capacity: 1024, options: [] };
}

function seats(of: Plan): string[] {
  return seatsOf(of).map(({ role, index }) => `${role} ${index}`);
}

test("a plan has a seat per thread", () => {
  assert.equal(seats(plan("numbers", 2, 1)), ["put 0", "put 1", "get 0"]);
  assert.equal(seats(plan("ping-pong", 1, 1)), ["call 0", "echo 0"]);
  assert.equal(seats(plan("priority", 2, 0)), ["pair 0", "pair 1"]);
});

test("trips have a median and a 99th percentile, in microseconds", () => {
  const trips = new Trips(200);
  // 1 to 200 microseconds, in no order.
  for (let i = 0; i < 200; i++) trips.add(5, 5 + (((i * 77) % 200) + 1) / 1000);
  const { p50, p99 } = trips.percentiles();
  assert.ok(Math.abs(p50 - 101) < 1e-6, `${p50}`);
  assert.ok(Math.abs(p99 - 199) < 1e-6, `${p99}`);
});

test.run();
