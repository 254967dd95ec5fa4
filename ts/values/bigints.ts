/** BigInts as bytes: the magnitude, low byte first, by way of hexadecimal, which engines convert in linear time. */

/** The bytes of |value|; none for 0. */
export function magnitudeOf(value: bigint): Uint8Array {
  const digits = (value < 0n ? -value : value).toString(16);
  const length = value === 0n ? 0 : (digits.length + 1) >> 1;
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const end = digits.length - 2 * i;
    bytes[i] = Number.parseInt(digits.slice(Math.max(0, end - 2), end), 16);
  }
  return bytes;
}

/** The BigInt whose magnitude is in [start, end). */
export function makeBigint(bytes: Uint8Array, start: number, end: number, isNegative: boolean): bigint {
  let digits = "0x0";
  for (let i = end - 1; i >= start; i--) digits += bytes[i]!.toString(16).padStart(2, "0");
  const magnitude = BigInt(digits);
  return isNegative ? -magnitude : magnitude;
}
