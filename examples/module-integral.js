// Exports of a WebAssembly module as integrands. The module, as text:
//
// (module
//   (import "env" "exp" (func $exp (param f64) (result f64)))
//   (func (export "bell") (param $x f64) (result f64)
//     (call $exp (f64.neg (f64.mul (local.get $x) (local.get $x)))))
//   (func (export "witch") (param $x f64) (result f64)
//     (f64.div (f64.const 1) (f64.add (f64.const 1) (f64.mul (local.get $x) (local.get $x))))))
import { integrate } from "heddle";

const text =
  "AGFzbQEAAAABBgFgAXwBfAILAQNlbnYDZXhwAAADAwIAAAcQAgRiZWxsAAEFd2l0Y2gAAgooAgoAIAAgAKKaEAALGwBEAAAAAAAA8D9EAAAAAAAA8D8gACAAoqCjCw==";
const module = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

// One that stands by itself is written into the integration loop; one that needs something is called from there.
for (const [name, expression] of [
  ["witch", "1/(1 + x*x)"],
  ["bell", "exp(-(x*x))"],
]) {
  const { value, integrand } = await integrate({ module, export: name }, -3, 3, { points: 100_000 });
  console.log(name, value.toFixed(9), [integrand.kind, integrand.reason ?? ""].join(" ").trim());
  console.log((await integrate(expression, -3, 3, { points: 100_000 })).value === value);
}

try {
  await integrate({ module, export: "agnesi" }, -3, 3, { points: 100_000 });
} catch (error) {
  console.log(error.message);
}

// Output:
// witch 2.498091545 spliced
// true
// bell 1.772414697 called it calls the import env.exp
// true
// expected a module that exports the function "agnesi", found "bell", "witch"
