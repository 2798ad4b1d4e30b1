import { UsageError } from '../../errors.ts';
import { parseSpanID, parseTraceID, type SpanID, type TraceID } from '../../trace/ids.ts';
import type { Nanos } from '../../trace/time.ts';

const MAX_EXIT_CODE = 2 ** 32 - 1;

/** Reads an object of a document by the names and types of its members. A member that does not fit is a UsageError with its path. */
export class DocumentReader {
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #parent: DocumentReader | undefined;
  readonly #name: string;

  /** `name` is the object's name in its parent: `spans[3]`. */
  constructor(value: unknown, parent?: DocumentReader, name = '') {
    this.#parent = parent;
    this.#name = name;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw (parent ?? this).error(name, 'an object');
    }
    this.#members = value as Readonly<Record<string, unknown>>;
  }

  has(name: string): boolean {
    return this.#members[name] !== undefined;
  }

  /** All members, unchecked. */
  all(): Readonly<Record<string, unknown>> {
    return this.#members;
  }

  /** A value of any type; null if the member is missing. */
  value(name: string): unknown {
    return this.#members[name] ?? null;
  }

  text(name: string): string {
    const value = this.#members[name];
    return typeof value === 'string' ? value : this.#fail(name, 'a string');
  }

  textOrNull(name: string): string | null {
    return this.value(name) === null ? null : this.text(name);
  }

  number(name: string): number {
    const value = this.#members[name];
    return typeof value === 'number' ? value : this.#fail(name, 'a number');
  }

  integer(name: string): number {
    const value = this.#members[name];
    return Number.isSafeInteger(value) ? (value as number) : this.#fail(name, 'an integer');
  }

  /** Exit status of a process: one byte, and on Windows four, such as 0xC000013A of a command that Ctrl-C ended. */
  exitCode(name: string): number {
    const value = this.integer(name);
    return value >= 0 && value <= MAX_EXIT_CODE ? value : this.#fail(name, `from 0 to ${MAX_EXIT_CODE}`);
  }

  integerOrNull(name: string): number | null {
    return this.value(name) === null ? null : this.integer(name);
  }

  nanos(name: string): Nanos {
    return this.integer(name) as Nanos;
  }

  nanosOrNull(name: string): Nanos | null {
    return this.integerOrNull(name) as Nanos | null;
  }

  nanosList(name: string): readonly Nanos[] {
    const isNanos = (value: unknown): value is Nanos => Number.isSafeInteger(value);
    return this.#list(name).map((value) => (isNanos(value) ? value : this.#fail(name, 'a list of integers')));
  }

  /** A 64-bit integer, as text. */
  bigint(name: string): bigint {
    const value = this.#members[name];
    return typeof value === 'string' && /^-?\d{1,30}$/.test(value)
      ? BigInt(value)
      : this.#fail(name, 'an integer as a string');
  }

  boolean(name: string): boolean {
    const value = this.#members[name];
    return typeof value === 'boolean' ? value : this.#fail(name, 'true or false');
  }

  booleanOrNull(name: string): boolean | null {
    return this.value(name) === null ? null : this.boolean(name);
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice {
    const value = this.#members[name];
    return choices.find((choice) => choice === value) ?? this.#fail(name, choices.join(' or '));
  }

  choiceOrNull<Choice extends string>(name: string, choices: readonly Choice[]): Choice | null {
    return this.value(name) === null ? null : this.choice(name, choices);
  }

  traceID(name: string): TraceID {
    return parseTraceID(this.text(name)) ?? this.#fail(name, 'a trace ID');
  }

  traceIDOrNull(name: string): TraceID | null {
    return this.value(name) === null ? null : this.traceID(name);
  }

  spanID(name: string): SpanID {
    return parseSpanID(this.text(name)) ?? this.#fail(name, 'a span ID');
  }

  spanIDOrNull(name: string): SpanID | null {
    return this.value(name) === null ? null : this.spanID(name);
  }

  object(name: string): DocumentReader {
    return new DocumentReader(this.#members[name], this, name);
  }

  objectOrNull(name: string): DocumentReader | null {
    return this.value(name) === null ? null : this.object(name);
  }

  /** Empty if the member is missing. */
  objects(name: string): DocumentReader[] {
    return this.#list(name).map((value, index) => new DocumentReader(value, this, `${name}[${index}]`));
  }

  texts(name: string): string[] {
    return this.#list(name).map((value) => (typeof value === 'string' ? value : this.#fail(name, 'a list of strings')));
  }

  spanIDs(name: string): SpanID[] {
    return this.texts(name).map((text) => parseSpanID(text) ?? this.#fail(name, 'a list of span IDs'));
  }

  #list(name: string): readonly unknown[] {
    const value = this.#members[name] ?? [];
    return Array.isArray(value) ? value : this.#fail(name, 'a list');
  }

  #fail(name: string, expected: string): never {
    throw this.error(name, expected);
  }

  error(name: string, expected: string): UsageError {
    const path = [...this.#path(), name].filter((part) => part !== '').join('.');
    return new UsageError('InvalidDocument', `invalid document: ${path} must be ${expected}`, {
      hint: 'schema/request-trace.schema.json describes what -o json prints',
    });
  }

  #path(): string[] {
    return this.#parent === undefined ? [this.#name] : [...this.#parent.#path(), this.#name];
  }
}
