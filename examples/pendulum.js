// The period of a pendulum of one metre that swings far: a complete elliptic integral.
import { integrateSync } from "heddle";

const gravity = 9.80665;
const quarter = "1/sqrt(1 - (k*sin(x))^2)";
const period = (degrees) => {
  const k = Math.sin((degrees * Math.PI) / 360);
  return 4 * Math.sqrt(1 / gravity) * integrateSync(quarter, 0, Math.PI / 2, { parameters: { k } }).value;
};

/** Gauss's way to the same number: the mean that is the arithmetic and the geometric one. */
const mean = (a, b) => (Math.abs(a - b) < 1e-15 * a ? a : mean((a + b) / 2, Math.sqrt(a * b)));

for (const degrees of [1, 30, 90, 150, 179]) {
  const seconds = period(degrees);
  const byMeans = (2 * Math.PI) / Math.sqrt(gravity) / mean(1, Math.cos((degrees * Math.PI) / 360));
  console.log(
    `${degrees} degrees: ${seconds.toFixed(10)} s`,
    Math.abs(seconds / byMeans - 1) < 1e-13 ? "right" : "wrong",
  );
}

// Output:
// 1 degrees: 2.0064474925 s right
// 30 degrees: 2.0413384659 s right
// 90 degrees: 2.3682463463 s right
// 150 degrees: 3.5357019383 s right
// 179 degrees: 7.8271333888 s right
