/**
 * SVG as text: elements, their attributes, and characters that must not be taken for markup.
 *
 * Source: W3C, "Scalable Vector Graphics (SVG) 1.1"; XML 1.0, section 2.2 for the characters that a document may hold.
 */

/** Attributes; those that are undefined are left out, numbers are rounded to a hundredth of a pixel. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A text as XML: markup escaped, characters that XML forbids replaced. */
export function escapeXml(text: string): string {
  return (
    text
      // Halves of characters, as a text cut in the wrong place has them.
      .replace(/\p{Surrogate}/gu, "\ufffd")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to find
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
      .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
  );
}

/** An element with children that are elements already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const list = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? pixels(value) : escapeXml(String(value))}"`)
    .join("");
  return children.length === 0 ? `<${name}${list}/>` : `<${name}${list}>${children.join("")}</${name}>`;
}

/** A `<text>` element. */
export function label(text: string, attributes: Attributes): string {
  return element("text", attributes, escapeXml(text));
}

/** A coordinate: a hundredth of a pixel is finer than any screen. */
export function pixels(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}

/**
 * Width of a text in pixels, from above: no font is at hand to measure with. 0.64 em is a digit of DejaVu Sans, a wide face.
 */
export function textWidth(text: string, size: number): number {
  return [...text].length * 0.64 * size;
}

/** `text`, or so much of its front as fits. */
export function fitText(text: string, size: number, width: number): string {
  const characters = [...text];
  const room = Math.floor(width / (0.64 * size));
  return characters.length <= room ? text : `${characters.slice(0, room - 1).join("")}…`;
}
