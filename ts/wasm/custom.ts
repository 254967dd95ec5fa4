/**
 * Custom sections: bytes that travel in a module beside its instructions, and that engines hand back (`WebAssembly.Module.customSections`).
 *
 * Role: any thread.
 */
import { u32, Writer } from "./bytes.js";

const CUSTOM = 0;

/** A module's bytes with one more custom section at their end. */
export function withCustomSection(module: Uint8Array, name: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const label = new TextEncoder().encode(name);
  const head = new Writer();
  u32.write(head, label.length);
  head.bytes(label);
  const writer = new Writer();
  writer.bytes(module);
  writer.byte(CUSTOM);
  u32.write(writer, head.length + content.length);
  writer.bytes(head.written());
  writer.bytes(content);
  return writer.written().slice();
}

/** The content of a module's custom section; undefined when it has none of that name. */
export function customSection(module: WebAssembly.Module, name: string): Uint8Array<ArrayBuffer> | undefined {
  const [content] = WebAssembly.Module.customSections(module, name);
  return content === undefined ? undefined : new Uint8Array(content);
}
