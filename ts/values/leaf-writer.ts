/**
 * The leaves of the structured format (structured-format.ts): markers, counts, numbers, strings, runs of bytes.
 *
 * Role: the lower half of a writer.
 */
import { magnitudeOf } from "./bigints.js";
import { Scratch } from "./scratch.js";
import { stringBound, writeString } from "./strings.js";
import { MAX_SMALL, Marker } from "./structured-format.js";
import { Tag } from "./tags.js";

export class LeafWriter extends Scratch {
  protected mark(marker: number): void {
    this.reserve(1);
    this.bytes[this.length++] = marker;
  }

  protected writeNumber(value: number): void {
    this.reserve(9);
    const { length } = this;
    const integer = value | 0;
    // -0 is 0 by all comparisons but its reciprocal.
    if (integer !== value || (value === 0 && 1 / value < 0)) {
      this.bytes[length] = Marker.FLOAT;
      this.view.setFloat64(length + 1, value, true);
      this.length = length + 9;
    } else if (integer >>> 0 <= MAX_SMALL) {
      this.bytes[length] = integer;
      this.length = length + 1;
    } else {
      this.bytes[length] = Marker.INTEGER;
      this.view.setInt32(length + 1, integer, true);
      this.length = length + 5;
    }
  }

  protected writeString(text: string): void {
    const units = text.length;
    this.reserve(6 + stringBound(units));
    const { bytes, length } = this;
    if (units <= MAX_SMALL && writeString(text, bytes, length + 1) === Tag.STRING_LATIN1) {
      bytes[length] = Marker.SHORT_STRING + units;
      this.length = length + 1 + units;
      return;
    }
    const tag = writeString(text, bytes, length + 6);
    const size = tag === Tag.STRING_LATIN1 ? units : 2 * units;
    bytes[length] = Marker.STRING;
    bytes[length + 1] = tag;
    this.view.setUint32(length + 2, size, true);
    this.length = length + 6 + size;
  }

  protected writeBigint(value: bigint): void {
    this.mark(Marker.BIGINT);
    this.mark(value < 0n ? 1 : 0);
    this.writeBytes(magnitudeOf(value));
  }

  protected writeBytes(source: Uint8Array): void {
    this.writeCount(source.length);
    this.reserve(source.length);
    this.bytes.set(source, this.length);
    this.length += source.length;
  }

  protected writeCount(count: number): void {
    this.reserve(4);
    this.view.setUint32(this.length, count, true);
    this.length += 4;
  }

  /** Leaves room for a count that is known later: an accessor may add to a Map while it is written. */
  protected placeOfCount(): number {
    const place = this.length;
    this.writeCount(0);
    return place;
  }
}
