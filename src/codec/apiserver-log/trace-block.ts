import { nanos, type Nanos } from '../../trace/time.ts';
import { goNanos } from '../go-duration.ts';

/** A step, or a trace within a trace. Times of the day are in the server's time zone, in milliseconds from midnight. */
export interface LoggedItem {
  /** `step`: a mark at the end of some work. */
  readonly kind: 'step' | 'trace';
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly tookMillis: number;
  /** When a step was over, and when a trace began. */
  readonly dayMillis: number;
  readonly items: readonly LoggedItem[];
}

/** The block that the API server logs of a request of over 500 ms (k8s.io/utils/trace). */
export interface LoggedTrace {
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  /** When it began, as if the server's time zone were UTC; in milliseconds since the epoch. */
  readonly localMillis: number;
  /** To the nanosecond where the last line is there, else to the millisecond. */
  readonly took: Nanos;
  readonly items: readonly LoggedItem[];
}

/** A longer line is no line of a trace. */
const MAX_LINE = 64 * 1024;
/** Traces are two or three deep. */
const MAX_DEPTH = 16;

const LINE = /Trace\[(\d{1,10})\]: ?(.*)$/;
const HEAD = /^"([^"]*)" (.*)\((\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d\.\d{3})\) \(total time: (\d{1,9})ms\):$/;
const ITEM = /^ *(\[|---)"([^"]*)" (.*)$/;
const SUMMARY = /^(.*?)(\d{1,9})ms \((\d\d):(\d\d):(\d\d)\.(\d{3})\)(\]{0,16})$/;
const END = /^\[([^\]]{1,40})\] \[[^\]]{1,40}\] END$/;

/** The number of a trace and the rest of a line of it; undefined for other lines. */
export function traceLine(line: string): { readonly number: string; readonly text: string } | undefined {
  if (line.length > MAX_LINE) return undefined;
  const [, number, text] = LINE.exec(line) ?? [];
  return number === undefined || text === undefined ? undefined : { number, text };
}

/** Collects the lines of one block. */
export class TraceBlock {
  readonly #head: Omit<LoggedTrace, 'items' | 'took'>;
  readonly #items: MutableItem[] = [];
  readonly #open: MutableItem[] = [];
  #took: Nanos;

  private constructor(head: Omit<LoggedTrace, 'items' | 'took'>, took: Nanos) {
    this.#head = head;
    this.#took = took;
  }

  /** Undefined for a line that is not the first one of a block. */
  static begin(text: string): TraceBlock | undefined {
    const [, name = '', fields = '', start = '', total] = HEAD.exec(text) ?? [];
    const localMillis = Date.parse(`${start.replaceAll('-', ' ')} UTC`);
    if (total === undefined || Number.isNaN(localMillis)) return undefined;
    return new TraceBlock({ name, fields: fieldsIn(fields), localMillis }, nanos(Number(total) * 1e6));
  }

  add(text: string): void {
    const [, length] = END.exec(text) ?? [];
    if (length !== undefined) {
      this.#took = goNanos(length) ?? this.#took;
      return;
    }
    const [, sign, name = '', rest = ''] = ITEM.exec(text) ?? [];
    const summary = SUMMARY.exec(rest);
    if (sign === undefined || summary === null || this.#open.length >= MAX_DEPTH) return;
    const [, fields = '', took, hours, minutes, seconds, millis, closing = ''] = summary;
    const item: MutableItem = {
      kind: sign === '[' ? 'trace' : 'step',
      name,
      fields: fieldsIn(fields),
      tookMillis: Number(took),
      dayMillis: ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(millis),
      items: [],
    };
    (this.#open.at(-1)?.items ?? this.#items).push(item);
    if (item.kind === 'trace') this.#open.push(item);
    for (let closed = 0; closed < closing.length; closed++) this.#open.pop();
  }

  get trace(): LoggedTrace {
    return { ...this.#head, took: this.#took, items: this.#items };
  }
}

interface MutableItem extends LoggedItem {
  readonly items: MutableItem[];
}

/** Keys are plain words, and values may hold commas: `accept:application/json, text/plain,audit-id:…,verb:GET`. */
function fieldsIn(text: string): Readonly<Record<string, string>> {
  const fields: [string, string][] = [];
  for (const part of text.trim().split(',')) {
    const [, key, value] = /^([A-Za-z][A-Za-z-]{0,40}):(.*)$/.exec(part) ?? [];
    const last = fields.at(-1);
    if (key !== undefined && value !== undefined) fields.push([key, value]);
    else if (last !== undefined) last[1] += `,${part}`;
  }
  return Object.fromEntries(fields);
}
