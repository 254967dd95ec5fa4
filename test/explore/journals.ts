/** Where the journals of a program lie: which word belongs to which, and to which entry. */
import type { Journal } from "./program.js";

/** Instead of an entry's number. */
export const IS_NAME = -2;
export const IS_LENGTH = -1;

export class Journals {
  readonly count: number;
  private readonly journals: readonly Journal[];
  private readonly words: Uint8Array<ArrayBuffer>;

  constructor({ bytes, journals = [] }: { readonly bytes: number; readonly journals?: readonly Journal[] }) {
    this.journals = journals;
    this.count = journals.length;
    this.words = new Uint8Array(bytes >> 2);
    for (const [
      index,
      {
        named,
        length,
        entries: [from, to],
      },
    ] of journals.entries()) {
      this.words[named >> 2] = index + 1;
      this.words[length >> 2] = index + 1;
      this.words.fill(index + 1, from >> 2, to >> 2);
    }
  }

  has(word: number): boolean {
    return this.words[word] !== 0;
  }

  /** @returns number of the journal, and of the entry; or what else the word is */
  find(word: number): readonly [journal: number, entry: number] {
    const index = (this.words[word] as number) - 1;
    const { named, length, entries, stride } = this.journals[index] as Journal;
    if (word === named >> 2) return [index, IS_NAME];
    if (word === length >> 2) return [index, IS_LENGTH];
    return [index, Math.floor((4 * word - entries[0]) / stride)];
  }

  /** Numbers of the journals that a thread writes. */
  ofThread(thread: number): number[] {
    return [...this.journals.keys()].filter((index) => this.journals[index]?.thread === thread);
  }
}
