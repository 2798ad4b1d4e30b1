import { jsonIn, MAX_NESTING, searchLog, type LogSearch } from '../log-lines.ts';
import { httpEntryOf, httpLineOf, type LoggedRequest } from './http-line.ts';
import { TraceBlock, traceLine, type LoggedTrace } from './trace-block.ts';

/** Times of one request, as far as a log has them. */
export interface LoggedTimes {
  readonly http: LoggedRequest | undefined;
  /** The handler of a request of over 500 ms. */
  readonly trace: LoggedTrace | undefined;
}

/**
 * Times of some requests in the log of an API server, by their Audit-IDs. The log is text or JSON, or an export of a
 * provider, whose entries hold it as texts. Other lines are not parsed, so that a large log costs little.
 */
export function loggedTimesIn(bytes: Buffer, auditIDs: readonly string[]): ReadonlyMap<string, LoggedTimes> {
  const reader = new LogReader(auditIDs.filter((id) => id !== ''));
  searchLog(bytes, reader);
  return reader.found;
}

class LogReader implements LogSearch {
  readonly #wanted: readonly string[];
  readonly #requests = new Map<string, LoggedRequest>();
  /** By the number that all lines of a block have. */
  readonly #blocks = new Map<string, { readonly auditID: string; readonly block: TraceBlock }>();

  constructor(wanted: readonly string[]) {
    this.#wanted = wanted;
  }

  /** Whether a text has anything about the requests: their ID, or a later line of a block that has begun. */
  isWanted(text: Buffer | string): boolean {
    if (this.#wanted.some((id) => text.includes(id))) return true;
    return [...this.#blocks.keys()].some((number) => text.includes(`Trace[${number}]`));
  }

  line(line: string, nesting = 0): void {
    const text = line.trimEnd();
    const json = /^\s*[[{]/.test(text) || /^[^"]*\{"/.test(text) ? jsonIn(text) : undefined;
    if (json !== undefined) {
      this.document(json, nesting);
      return;
    }
    const http = httpLineOf(text);
    if (http !== undefined) this.#addRequest(http);
    else this.#traceLine(text);
  }

  /** Iterative: a document may be nested as deep as it likes. */
  document(top: unknown, nesting = 0): void {
    const stack: unknown[] = [top];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (typeof next === 'string') {
        if (nesting < MAX_NESTING && this.isWanted(next)) {
          for (const line of next.split('\n')) this.line(line, nesting + 1);
        }
      } else if (typeof next === 'object' && next !== null) {
        const http = Array.isArray(next) ? undefined : httpEntryOf(next as Readonly<Record<string, unknown>>);
        if (http !== undefined) this.#addRequest(http);
        // In the order of the document: each line of a block may be an entry.
        else for (const member of Object.values(next).reverse()) stack.push(member);
      }
    }
  }

  #addRequest({ auditID, ...request }: LoggedRequest & { readonly auditID: string }): void {
    if (this.#wanted.includes(auditID)) this.#requests.set(auditID, request);
  }

  #traceLine(line: string): void {
    const { number, text } = traceLine(line) ?? {};
    if (number === undefined || text === undefined) return;
    const block = TraceBlock.begin(text);
    if (block === undefined) {
      this.#blocks.get(number)?.block.add(text);
      return;
    }
    const auditID = block.trace.fields['audit-id'] ?? '';
    if (this.#wanted.includes(auditID)) this.#blocks.set(number, { auditID, block });
  }

  hasFound(): boolean {
    return this.#requests.size + this.#blocks.size > 0;
  }

  get found(): ReadonlyMap<string, LoggedTimes> {
    const blocks = [...this.#blocks.values()];
    return new Map(
      this.#wanted.flatMap((id): [string, LoggedTimes][] => {
        const http = this.#requests.get(id);
        // A request may leave several blocks: its handler is the longest.
        const traces = blocks.filter(({ auditID }) => auditID === id).map(({ block }) => block.trace);
        const trace = traces.toSorted((one, other) => other.took - one.took)[0];
        return http === undefined && trace === undefined ? [] : [[id, { http, trace }]];
      }),
    );
  }
}
