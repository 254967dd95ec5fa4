/**
 * `poll_oneoff`: how a program sleeps, or waits for one of several things. The thread sleeps with it.
 *
 *   subscription, 48 bytes    userdata u64 @0, kind u8 @8; a clock's: id u32 @16, timeout u64 @24 (nanoseconds), flags u16 @40
 *   event, 32 bytes           userdata u64 @0, error u16 @8, kind u8 @10
 *
 * Source: WASI preview 1. In place of the shim's, which burns the core while it waits, takes one subscription only, and does not say how many events there are.
 * Role:   the thread that runs the program.
 */

const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
const KIND_CLOCK = 0;
const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;
const FLAG_ABSOLUTE = 1;
const ERROR_INVALID = 28;

/** Nobody wakes it. */
const bed = new Int32Array(new SharedArrayBuffer(4));

/** The same clocks as the shim's `clock_time_get`, in nanoseconds. */
function now(clock: number): bigint {
  return clock === CLOCK_REALTIME ? BigInt(Date.now()) * 1_000_000n : BigInt(Math.round(performance.now() * 1e6));
}

/** @param memory the program's, @param count of subscriptions */
export function pollOneoff(
  memory: WebAssembly.Memory,
  from: number,
  to: number,
  count: number,
  eventsAt: number,
): number {
  if (count === 0) return ERROR_INVALID;
  const view = new DataView(memory.buffer);
  const events: { readonly at: number; readonly kind: number; readonly error: number }[] = [];
  /** When each clock rings, as `performance.now` counts. */
  const alarms: { readonly at: number; readonly time: number }[] = [];
  for (let i = 0; i < count; i++) {
    const at = from + i * SUBSCRIPTION_BYTES;
    const kind = view.getUint8(at + 8);
    const clock = view.getUint32(at + 16, true);
    if (kind !== KIND_CLOCK) {
      // Pipes and files in memory keep nobody waiting.
      events.push({ at, kind, error: 0 });
    } else if (clock !== CLOCK_REALTIME && clock !== CLOCK_MONOTONIC) {
      events.push({ at, kind, error: ERROR_INVALID });
    } else {
      const timeout = view.getBigUint64(at + 24, true);
      const isAbsolute = (view.getUint16(at + 40, true) & FLAG_ABSOLUTE) !== 0;
      alarms.push({ at, time: performance.now() + Number(isAbsolute ? timeout - now(clock) : timeout) / 1e6 });
    }
  }
  if (events.length === 0) sleepUntil(Math.min(...alarms.map(({ time }) => time)));
  for (const { at, time } of alarms) if (time <= performance.now()) events.push({ at, kind: KIND_CLOCK, error: 0 });
  events.forEach(({ at, kind, error }, i) => {
    const event = to + i * EVENT_BYTES;
    const userdata = view.getBigUint64(at, true);
    new Uint8Array(memory.buffer, event, EVENT_BYTES).fill(0);
    view.setBigUint64(event, userdata, true);
    view.setUint16(event + 8, error, true);
    view.setUint8(event + 10, kind);
  });
  view.setUint32(eventsAt, events.length, true);
  return 0;
}

function sleepUntil(time: number): void {
  for (let left = time - performance.now(); left > 0; left = time - performance.now()) Atomics.wait(bed, 0, 0, left);
}
