// Functions as integrands: one that is arithmetic is compiled to what its text would be, any other is called back.
import { evaluate, integrate } from "heddle";

const bump = (x, { center, width }) => {
  const t = (x - center) / width;
  if (Math.abs(t) >= 1) return 0;
  return Math.exp(-1 / (1 - t ** 2));
};

const options = { points: 1_000_000, parameters: { center: 2, width: 0.5 } };
const compiled = await integrate(bump, 0, 4, options);
console.log(compiled.value.toFixed(6), compiled.integrand.kind);

const text = "abs((x - center)/width) >= 1 ? 0 : exp(-1/(1 - ((x - center)/width)^2))";
console.log((await integrate(text, 0, 4, options)).value === compiled.value);

// A partial sum of the zeta function: a loop is no arithmetic.
const zeta = (s) => {
  let sum = 0;
  for (let n = 1000; n > 0; n--) sum += n ** -s;
  return sum;
};
const called = await integrate(zeta, 2, 3, { points: 10_000 });
console.log(called.value.toFixed(6), called.integrand.kind);
console.log(Array.from(evaluate(zeta, [2, 4]), (value) => value.toFixed(3)).join(" "));

try {
  const scale = 3;
  await integrate((x) => scale * x, 0, 1, { points: 10 });
} catch (error) {
  console.log(error.name, "about", /refers to (`\w+`)/.exec(error.message)[1]);
}

// Output:
// 0.221997 compiled
// true
// 1.367398 callback
// 1.644 1.082
// ArgumentError about `scale`
