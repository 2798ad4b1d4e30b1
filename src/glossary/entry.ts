/** One name of a row, explained. */
export interface Entry {
  /** The name as spans and screens have it; a part that varies is in capitals. */
  readonly name: string;
  /** One line without its period. */
  readonly summary: string;
  /** More about what the row covers. */
  readonly about?: string;
  /** The first version that has it. */
  readonly since: string;
  /** Package and file of the code that records it. */
  readonly source: string;
  /** The usual reasons for a long row. */
  readonly slow: string;
  /** The next thing to look at. */
  readonly next: string;
  /** Other names of the same row: shorter wordings of a narrow screen, earlier versions. */
  readonly also?: readonly string[];
  /** Names with a part that varies. */
  readonly pattern?: RegExp;
}

/** Rows of one service, or of one source of times. */
export interface Group {
  /** A word for scripts and links. */
  readonly id: string;
  readonly title: string;
  /** How these rows come into the tree. */
  readonly about: string;
  readonly entries: readonly Entry[];
}
