// Planck's law: what all wavelengths of a black body come to, and the part of the Sun's light that is visible.
import { integrateSync } from "heddle";

const [h, c, k] = [6.62607015e-34, 299_792_458, 1.380649e-23];
const spectrum = "x^3/expm1(x)"; // of x = h c / (wavelength k T)

const all = integrateSync(spectrum, 0, Infinity);
console.log(`the integral is pi^4/15: ${Math.abs(all.value - Math.PI ** 4 / 15) < 1e-13}`);
const stefanBoltzmann = ((2 * Math.PI * k ** 4) / (h ** 3 * c ** 2)) * all.value;
console.log(`Stefan and Boltzmann's constant: ${stefanBoltzmann.toExponential(9)} W/(m^2 K^4)`);

const temperature = 5772;
const place = (nanometres) => (h * c) / (nanometres * 1e-9 * k * temperature);
for (const [name, from, to] of [
  ["ultraviolet", 10, 380],
  ["visible", 380, 750],
  ["infrared", 750, 1e6],
]) {
  const { value } = integrateSync(spectrum, place(to), place(from));
  console.log(`${name}: ${((100 * value) / all.value).toFixed(4)} %`);
}

// Output:
// the integral is pi^4/15: true
// Stefan and Boltzmann's constant: 5.670374419e-8 W/(m^2 K^4)
// ultraviolet: 9.9663 %
// visible: 43.7747 %
// infrared: 46.2590 %
