/**
 * Numbers of about 106 bits: the unevaluated sum of two doubles.
 *
 * Source: T. J. Dekker, "A floating-point technique for extending the available precision" (1971); M. Joldes, J.-M. Muller, V. Popescu, "Tight and
 *         rigorous error bounds for basic building blocks of double-word arithmetic" (2017): relative errors of a sum 3, of a product 5, of a quotient
 *         10 times 2^-106 and a little. JavaScript has no fused multiply-add, so that products are split as Dekker does.
 * Where:  operands and results between 2^-900 and 2^990 in magnitude, or 0; the reference functions scale theirs (exact.ts).
 * Role:   the bench's workers and tests. Slow, and made to be seen through: every operation is a new object.
 */

/** 2^27 + 1: splits 53 bits into 26 and 26. */
const SPLITTER = 134217729;

export class DoubleDouble {
  private constructor(
    /** The double nearest to the value. */
    readonly high: number,
    /** The rest: at most half an ulp of `high`. */
    readonly low: number,
  ) {}

  static of(value: number): DoubleDouble {
    return new DoubleDouble(value, 0);
  }

  /** a + b, exactly. */
  static sum(a: number, b: number): DoubleDouble {
    const high = a + b;
    const added = high - a;
    return new DoubleDouble(high, a - (high - added) + (b - added));
  }

  /** a * b, exactly. */
  static product(a: number, b: number): DoubleDouble {
    const high = a * b;
    const liftedA = SPLITTER * a;
    const headA = liftedA - (liftedA - a);
    const tailA = a - headA;
    const liftedB = SPLITTER * b;
    const headB = liftedB - (liftedB - b);
    const tailB = b - headB;
    return new DoubleDouble(high, headA * headB - high + headA * tailB + tailA * headB + tailA * tailB);
  }

  plus(other: DoubleDouble): DoubleDouble {
    const highs = DoubleDouble.sum(this.high, other.high);
    const lows = DoubleDouble.sum(this.low, other.low);
    const first = normal(highs.high, highs.low + lows.high);
    return normal(first.high, first.low + lows.low);
  }

  minus(other: DoubleDouble): DoubleDouble {
    return this.plus(other.negated());
  }

  negated(): DoubleDouble {
    return new DoubleDouble(-this.high, -this.low);
  }

  absolute(): DoubleDouble {
    return this.high < 0 ? this.negated() : this;
  }

  times(other: DoubleDouble): DoubleDouble {
    const highs = DoubleDouble.product(this.high, other.high);
    return normal(highs.high, highs.low + (this.high * other.low + this.low * other.high));
  }

  over(other: DoubleDouble): DoubleDouble {
    const first = this.high / other.high;
    const rest = this.minus(other.times(DoubleDouble.of(first)));
    const second = rest.high / other.high;
    const last = rest.minus(other.times(DoubleDouble.of(second))).high / other.high;
    return normal(first, second).plus(DoubleDouble.of(last));
  }

  squared(): DoubleDouble {
    return this.times(this);
  }

  /** Of a value that is not negative: one step of Newton's method from the root of `high`. */
  squareRoot(): DoubleDouble {
    if (this.high === 0) return this;
    const root = Math.sqrt(this.high);
    const rest = this.minus(DoubleDouble.product(root, root));
    // (sqrt(a) - root) = rest / (sqrt(a) + root), and the two differ by 2^-53 of them at most.
    const correction = rest.over(DoubleDouble.of(2 * root));
    const better = DoubleDouble.of(root).plus(correction);
    return better.minus(correction.squared().over(DoubleDouble.of(2 * root)));
  }

  /** Times a power of two, exactly while nothing leaves the range. */
  scaled(factor: number): DoubleDouble {
    return new DoubleDouble(this.high * factor, this.low * factor);
  }
}

/** A sum whose second part is the smaller. */
function normal(high: number, low: number): DoubleDouble {
  return DoubleDouble.sum(high, low);
}

export const ZERO = DoubleDouble.of(0);
export const ONE = DoubleDouble.of(1);
export const TWO = DoubleDouble.of(2);

/** c[0] + c[1] x + c[2] x^2 + …, by Horner's rule. */
export function polynomial(coefficients: readonly DoubleDouble[], x: DoubleDouble): DoubleDouble {
  return coefficients.reduceRight((sum, coefficient) => sum.times(x).plus(coefficient), ZERO);
}
