/** Names of addresses. */
import type { Place } from "./program.js";

/** An address for people: "lock", "queue+12", "1096". */
export function placeName(places: Readonly<Record<string, Place>> = {}, address: number): string {
  for (const [name, place] of Object.entries(places)) {
    const [from, to] = typeof place === "number" ? [place, place + 4] : place;
    if (address >= from && address < to) return address === from ? name : `${name}+${address - from}`;
  }
  return String(address);
}
