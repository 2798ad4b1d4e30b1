import { CELL, LINE, px, xOf, yOf } from './grid.ts';

/** The lines that lead to the rows of a tree, drawn from the characters that a terminal shows. */
export class Branches {
  /** Data of the two paths. */
  #solid = '';
  #dashed = '';

  /** Adds the lines of a row; returns what of its prefix is text: blanks, and the number of a great depth. */
  add(prefix: string, line: number): string {
    return prefix.replace(/[^ ]/g, (character, column: number) =>
      this.#draw(character, column, line) ? ' ' : character,
    );
  }

  /** False for a character that is no line. */
  #draw(character: string, column: number, line: number): boolean {
    const x = px(xOf(column + 0.5));
    const y = yOf(line);
    const top = px(y - LINE / 2);
    const down = `M${x} ${top}V${px(y + LINE / 2)}`;
    switch (character) {
      case '│':
      case '├':
        this.#solid += down;
        return true;
      case '└':
        this.#solid += `M${x} ${top}V${px(y)}`;
        return true;
      case '─':
        this.#solid += across(column, y);
        return true;
      case '┄':
        this.#dashed += across(column, y);
        return true;
      default:
        return false;
    }
  }

  elements(): string[] {
    return [
      ...(this.#solid === '' ? [] : [`<path class="l" d="${this.#solid}"/>`]),
      ...(this.#dashed === '' ? [] : [`<path class="l k" d="${this.#dashed}"/>`]),
    ];
  }
}

/** From the trunk in the column before to the end of this one. */
const across = (column: number, y: number): string => `M${px(xOf(column - 0.5))} ${px(y)}h${px(CELL * 1.3)}`;
