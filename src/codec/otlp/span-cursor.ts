import { MalformedMessage, WireReader, WireType } from '../protobuf/reader.ts';

/** A message has more parts than anything here looks at. */
export class TooManyParts extends Error {}

/** Parts of one `ResourceSpans`: a batch of a Collector has some thousands. */
const MAX_PARTS = 1_000_000;
/** Parts that are passed over before other work gets its turn: well below a millisecond. */
const STEP = 4096;

/** Where a part of a message is. */
export interface Range {
  readonly from: number;
  readonly end: number;
}

const NOTHING: Range = { from: 0, end: 0 };

/**
 * Goes through the spans of one message `ResourceSpans`, of which nothing is copied or expanded. Its place is a few
 * numbers: between two steps the message may be let go and read again. The older place of the scopes,
 * `instrumentation_library_spans` of 2021 (field 1000), counts too. All methods throw MalformedMessage and TooManyParts.
 */
export class SpanCursor {
  /** The message `Resource`; empty without one. */
  resource = NOTHING;
  /** The message `InstrumentationScope` of the span; empty without one. */
  scope = NOTHING;
  /** Counts the messages `ScopeSpans`. */
  scopeIndex = -1;
  /** The message `Span`. */
  span = NOTHING;
  /** Parts that have been looked at so far. */
  parts = 0;
  #at = 0;
  #inner = 0;
  /** End of the `ScopeSpans` that contains the position; -1 outside. */
  #innerEnd = -1;
  #begun = false;

  /** Moves on: to the next span, to a pause, or to the end. */
  next(message: Buffer): 'span' | 'pause' | 'end' {
    const reader = new WireReader(message);
    if (!this.#begun) this.#begin(reader);
    for (let left = STEP; left > 0; left--) {
      const isInside = this.#innerEnd >= 0;
      reader.position = isInside ? this.#inner : this.#at;
      if (!reader.next(isInside ? this.#innerEnd : reader.end)) {
        if (!isInside) return 'end';
        this.#innerEnd = -1;
        continue;
      }
      this.#count();
      if (isInside) {
        if (reader.is(2, WireType.bytes)) {
          this.span = within(reader, this.#innerEnd);
          this.#inner = this.span.end;
          return 'span';
        }
        reader.skip();
        this.#inner = reader.position;
      } else if (reader.is(2, WireType.bytes) || reader.is(1000, WireType.bytes)) this.#enter(reader);
      else {
        reader.skip();
        this.#at = reader.position;
      }
    }
    return 'pause';
  }

  /** Fields may come in any order, so that the resource is looked for first. */
  #begin(reader: WireReader): void {
    this.#begun = true;
    this.resource = this.#find(reader, reader.end);
  }

  #enter(reader: WireReader): void {
    const { from, end } = within(reader, reader.end);
    reader.position = from;
    this.scope = this.#find(reader, end);
    this.scopeIndex++;
    this.#inner = from;
    this.#innerEnd = end;
    this.#at = end;
  }

  /** The last field 1 before `end`. */
  #find(reader: WireReader, end: number): Range {
    let found = NOTHING;
    while (reader.next(end)) {
      this.#count();
      if (reader.is(1, WireType.bytes)) {
        found = within(reader, end);
        reader.position = found.end;
      } else reader.skip();
    }
    return found;
  }

  #count(): void {
    this.parts++;
    if (this.parts > MAX_PARTS) throw new TooManyParts(`a resource has more than ${MAX_PARTS} parts`);
  }
}

/** The length-delimited value that begins now. */
function within(reader: WireReader, messageEnd: number): Range {
  const end = reader.length();
  if (end > messageEnd) throw new MalformedMessage('a field ends behind its message');
  return { from: reader.position, end };
}
