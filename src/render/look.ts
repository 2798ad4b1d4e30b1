import type { RowFilter } from '../analysis/rows/filter.ts';
import { isWindows } from '../platform.ts';
import type { Environment, Runtime } from '../runtime.ts';
import { asciiText, escapeText } from './escape.ts';

/** The characters that a screen is made of; each but the branches is one column wide. */
export interface Glyphs {
  /** Makes a text safe for the terminal, wherever it came from. */
  readonly text: (text: string) => string;
  /** `├─ ` */
  readonly branch: string;
  /** `└─ ` */
  readonly lastBranch: string;
  /** `├┄ `: not measured by a span. */
  readonly inferredBranch: string;
  readonly lastInferredBranch: string;
  /** `│  ` */
  readonly trunk: string;
  readonly blank: string;
  /** A row's own time. */
  readonly own: string;
  /** Own time that nothing waited for: it is not on the critical path. */
  readonly concurrent: string;
  /** The beginning of a cell's own time, by eighths: index 0 is one eighth. */
  readonly eighths: readonly string[];
  /** Time in the rows below. */
  readonly below: string;
  /** Time that no span measured. */
  readonly inferred: string;
  /** Beside the axis, on its left or right. */
  readonly before: string;
  readonly after: string;
  readonly ellipsis: string;
  readonly error: string;
  /** Before a finding, and before the row that it is about. */
  readonly finding: string;
  readonly none: string;
  /** Before a duration that is an upper bound. */
  readonly atMost: string;
  /** Before a duration whose position is not known. */
  readonly lengthOnly: string;
}

export const UNICODE: Glyphs = {
  text: escapeText,
  branch: '├─ ',
  lastBranch: '└─ ',
  inferredBranch: '├┄ ',
  lastInferredBranch: '└┄ ',
  trunk: '│  ',
  blank: '   ',
  own: '█',
  concurrent: '▒',
  eighths: ['▏', '▎', '▍', '▌', '▋', '▊', '▉'],
  below: '─',
  inferred: '┄',
  before: '←',
  after: '→',
  ellipsis: '…',
  error: '✗',
  finding: '▲',
  none: '·',
  atMost: '≤',
  lengthOnly: '~',
};

export const ASCII: Glyphs = {
  text: asciiText,
  branch: '|- ',
  lastBranch: '`- ',
  inferredBranch: '|. ',
  lastInferredBranch: '`. ',
  trunk: '|  ',
  blank: '   ',
  own: '#',
  concurrent: '=',
  eighths: ['|', '|', '|', '#', '#', '#', '#'],
  below: '-',
  inferred: '.',
  before: '<',
  after: '>',
  ellipsis: '~',
  error: '!',
  finding: '!',
  none: '.',
  atMost: '<',
  lengthOnly: '~',
};

/** How to draw, decided once per command and handed to every renderer. */
export interface Look {
  /** At least 40. */
  readonly columns: number;
  readonly colour: boolean;
  readonly glyphs: Glyphs;
  /** All but the fast ones when it is not given. */
  readonly rows?: RowFilter;
  /** The legend and the remarks are drawn. */
  readonly remarks?: boolean;
}

/** Settings from the command line. */
export interface LookWishes {
  readonly color: 'auto' | 'always' | 'never';
  /** Undefined: as the screen needs it. */
  readonly ascii?: boolean;
  readonly width?: number;
  readonly rows?: RowFilter;
  readonly remarks?: boolean;
}

/** Columns without a terminal. */
const PIPE_COLUMNS = 120;
export const MIN_COLUMNS = 40;

/** Where something is drawn. */
type Screen = Pick<Runtime, 'outTerminal' | 'env' | 'platform'>;

/**
 * Flags first, then NO_COLOR (any value but empty, https://no-color.org) and FORCE_COLOR, then whether the output is a
 * terminal.
 */
export function chooseLook(wishes: LookWishes, screen: Screen): Look {
  const { outTerminal: terminal, env } = screen;
  // A pseudo-terminal without a size has 0 columns.
  const columns = wishes.width ?? ((terminal.isTTY && terminal.columns) || PIPE_COLUMNS);
  const isPlain = wishes.ascii ?? !speaksUnicode(screen);
  return {
    columns: Math.max(MIN_COLUMNS, Math.floor(columns)),
    colour: wishes.color === 'auto' ? autoColour(terminal, env) : wishes.color === 'always',
    glyphs: isPlain ? ASCII : UNICODE,
    ...(wishes.rows !== undefined && { rows: wishes.rows }),
    ...(wishes.remarks === true && { remarks: true }),
  };
}

function autoColour({ isTTY, isDumb = false }: Screen['outTerminal'], env: Environment): boolean {
  if (env['NO_COLOR']) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return isTTY && !isDumb;
}

/** A locale says it (POSIX's order: LC_ALL, LC_CTYPE, LANG), which shells on Windows may have as well. */
function speaksUnicode({ outTerminal: { isTTY }, env, platform }: Screen): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  if (locale) return /utf-?8/i.test(locale);
  // PowerShell reads a pipe by the console's code page, which is seldom UTF-8.
  return !isWindows(platform) || (isTTY && hasAllGlyphs(env));
}

/** Fonts of the console that is part of Windows lack some. Other terminals name themselves: variables are in capitals here. */
const hasAllGlyphs = ({ TERM: term, ...env }: Environment): boolean =>
  ['WT_SESSION', 'TERM_PROGRAM', 'CONEMUANSI'].some((name) => Boolean(env[name])) ||
  (Boolean(term) && term !== 'cygwin' && term !== 'dumb');
