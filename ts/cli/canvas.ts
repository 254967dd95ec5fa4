/**
 * A picture of dots for the terminal: two by four of them in each character, from Unicode's braille patterns.
 *
 * Source: Unicode 16, block U+2800: a dot is a bit of the character's code, in this order:
 *
 *   0 3
 *   1 4
 *   2 5
 *   6 7
 */
const EMPTY = 0x2800;
/** By column and row of a character: the left dots from the top down, then the right ones. */
const BITS = [0x01, 0x02, 0x04, 0x40, 0x08, 0x10, 0x20, 0x80] as const;

export class Canvas {
  /** Dots from left to right. */
  readonly width: number;
  /** Dots from the top down. */
  readonly height: number;
  private readonly cells: number[];

  /** @param columns @param rows of characters */
  constructor(
    private readonly columns: number,
    private readonly rows: number,
  ) {
    this.width = 2 * columns;
    this.height = 4 * rows;
    this.cells = new Array<number>(columns * rows).fill(0);
  }

  /** The dots of column `x` from one to the other; what lies outside is left out. */
  column(x: number, from: number, to: number): void {
    if (!(x >= 0 && x < this.width)) return;
    const first = Math.max(0, Math.min(from, to));
    const last = Math.min(this.height - 1, Math.max(from, to));
    for (let y = first; y <= last; y++) {
      const cell = (y >> 2) * this.columns + (x >> 1);
      this.cells[cell] = (this.cells[cell] as number) | (BITS[4 * (x & 1) + (y & 3)] as number);
    }
  }

  /** Rows of text; a character without dots is a space, and no row ends with one. */
  lines(): string[] {
    return Array.from({ length: this.rows }, (_, row) =>
      this.cells
        .slice(row * this.columns, (row + 1) * this.columns)
        .map((cell) => (cell === 0 ? " " : String.fromCharCode(EMPTY + cell)))
        .join("")
        .trimEnd(),
    );
  }
}
