/**
 * Classes of another realm: a page's frame, or a `vm` context such as test runners use, has an `Object`, an `Array`, a
 * `TypeError` of its own, and `instanceof` knows none of them.
 */

/** The name of the built-in class, of whichever realm, that has this prototype; "" when it is no built-in's. */
export function nativeName(prototype: object): string {
  const Class: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  if (typeof Class !== "function" || Class.prototype !== prototype) return "";
  return Function.prototype.toString.call(Class).includes("[native code]") ? Class.name : "";
}
