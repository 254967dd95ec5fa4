/**
 * Reads an SVG document as the plots write it: enough of XML to refuse what is not well-formed, and the texts with their places.
 */
import { textWidth } from "../../../ts/cli/plot/svg.js";

export interface PlacedText {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Picture {
  readonly texts: readonly PlacedText[];
  /** Values of all attributes of one name. */
  readonly attributes: (name: string) => string[];
  readonly title: string;
}

/** @throws the document is not well-formed, or holds a coordinate that is no number */
export function readPicture(svg: string): Picture {
  if (/NaN|Infinity|undefined/.test(svg))
    throw new Error(`expected numbers for coordinates: ${svg.match(/.{40}(NaN|Infinity|undefined).*/)?.[0]}`);
  const open: { name: string; attributes: Map<string, string>; text: string }[] = [];
  const all: [string, string][] = [];
  const texts: PlacedText[] = [];
  let title = "";
  const body = svg.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, "");
  let end = 0;
  for (const match of body.matchAll(/<(\/?)([A-Za-z]+)((?: [A-Za-z-]+="[^"<]*")*)(\/?)>|([^<]+)/g)) {
    if (match.index !== end) throw new Error(`expected markup, found ${body.slice(end, end + 40)}`);
    end = match.index + match[0].length;
    const [, closing, name = "", list = "", empty, text] = match;
    if (text !== undefined) {
      const last = open.at(-1);
      if (last !== undefined) last.text += unescapeXml(text);
      continue;
    }
    if (closing === "/") {
      const last = open.pop();
      if (last?.name !== name) throw new Error(`expected </${last?.name}>, found </${name}>`);
      if (name === "text") texts.push(place(last.text, last.attributes));
      if (name === "title") title = last.text;
      continue;
    }
    const attributes = new Map(
      [...list.matchAll(/ ([A-Za-z-]+)="([^"<]*)"/g)].map(([, key = "", value = ""]) => [key, unescapeXml(value)]),
    );
    all.push(...attributes);
    if (empty !== "/") open.push({ name, attributes, text: "" });
  }
  if (end !== body.length || open.length > 0) throw new Error("expected the end of the document");
  return { texts, title, attributes: (name) => all.filter(([key]) => key === name).map(([, value]) => value) };
}

/** Pairs of texts that touch, and texts that leave the paper. */
export function collisions({ texts }: Picture): string[] {
  const found: string[] = [];
  texts.forEach((one, index) => {
    if (one.left < 0 || one.right > 800 || one.top < 0 || one.bottom > 500)
      found.push(`"${one.text}" leaves the paper`);
    for (const other of texts.slice(0, index)) {
      const apart =
        one.left >= other.right || other.left >= one.right || one.top >= other.bottom || other.top >= one.bottom;
      if (!apart) found.push(`"${one.text}" touches "${other.text}"`);
    }
  });
  return found;
}

function unescapeXml(text: string): string {
  if (/&(?!#\d+;)/.test(text)) throw new Error(`expected an escaped &: ${text}`);
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

function place(text: string, attributes: ReadonlyMap<string, string>): PlacedText {
  const size = Number(attributes.get("font-size") ?? 12);
  const width = textWidth(text, size);
  const x = Number(attributes.get("x"));
  const y = Number(attributes.get("y"));
  const anchor = attributes.get("text-anchor");
  const left = anchor === "middle" ? x - width / 2 : anchor === "end" ? x - width : x;
  return { text, left, right: left + width, top: y - 0.8 * size, bottom: y + 0.2 * size };
}
