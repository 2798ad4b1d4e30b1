import { EVENT_ID, getScalarValue, SCALAR_STYLE, YAMLException, type Event } from 'js-yaml';
import { resolvePlain, type Scalar } from './yaml-scalar.ts';

type Mapping = Record<string, unknown>;

/** A collection that is being read. `merging` is a mapping's `<<`, whose value comes next. */
type Frame =
  | { readonly kind: 'document'; value: unknown }
  | { readonly kind: 'sequence'; readonly value: unknown[]; readonly anchor: string }
  | { readonly kind: 'mapping'; readonly value: Mapping; readonly anchor: string; key: Key | undefined };

type Key = { readonly name: string } | 'merge';
type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;
type Node = Extract<Event, { tagStart: number }>;

const CORE = 'tag:yaml.org,2002:';
const MERGE = `${CORE}merge`;

/** The values of a parser's events, as yaml/v2 decodes them into `interface{}` (decode.go). Throws a YAMLException. */
export function construct(events: readonly Event[], source: string): unknown[] {
  const reader = new NodeReader(source);
  for (const event of events) reader.take(event);
  return reader.documents;
}

class NodeReader {
  readonly documents: unknown[] = [];
  readonly #source: string;
  #frames: Frame[] = [];
  /** Anchors of this document; OPEN for a collection that has not ended. */
  #anchors = new Map<string, unknown>();
  #handles: ReadonlyMap<string, string> = new Map();
  #position = 0;

  constructor(source: string) {
    this.#source = source;
  }

  take(event: Event): void {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        this.#begin(event);
        return;
      case EVENT_ID.SCALAR:
        this.#scalar(event);
        return;
      case EVENT_ID.SEQUENCE:
        this.#open(event, { kind: 'sequence', value: [], anchor: this.#anchorOf(event) });
        return;
      case EVENT_ID.MAPPING:
        // Without a prototype, "__proto__" is a key like any other.
        this.#open(event, {
          kind: 'mapping',
          value: Object.create(null) as Mapping,
          anchor: this.#anchorOf(event),
          key: undefined,
        });
        return;
      case EVENT_ID.ALIAS:
        this.#alias(event);
        return;
      default:
        this.#close();
    }
  }

  #begin({ directives }: Extract<Event, { type: typeof EVENT_ID.DOCUMENT }>): void {
    this.#anchors = new Map();
    const tags = directives.flatMap((each) => (each.kind === 'tag' ? [[each.handle, each.prefix] as const] : []));
    this.#handles = new Map(tags);
    // parserc.go, yaml_parser_process_directives.
    if (directives.some((each) => each.kind === 'yaml' && each.version !== '1.1')) {
      this.#fail('found incompatible YAML document');
    }
    this.#frames.push({ kind: 'document', value: null });
  }

  #scalar(event: ScalarEvent): void {
    this.#position = event.tagStart === -1 ? event.valueStart : event.tagStart;
    const text = this.#textOf(event);
    const tag = this.#tagOf(event);
    const isPlain = event.style === SCALAR_STYLE.PLAIN;
    if (text === '<<' && (tag === MERGE || (tag === '' && isPlain)) && this.#mergeNext()) return;
    const value = tag === '' && !isPlain ? text : this.#resolve(text, tag);
    const anchor = this.#anchorOf(event);
    if (anchor !== '') this.#anchors.set(anchor, value);
    this.#add(value);
  }

  /** js-yaml reads a text as if a line break ended it, and yaml/v2 as it is. */
  #textOf(event: ScalarEvent): string {
    const text = getScalarValue(this.#source, event);
    const isBlock = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK;
    const isUnended = isBlock && event.valueEnd >= this.#source.length && !/[\r\n]$/.test(this.#source);
    return isUnended ? text.replace(/\n$/, '') : text;
  }

  /** A custom tag makes a string. */
  #resolve(text: string, tag: string): unknown {
    if (tag === '') return resolvePlain(text).value;
    const type = tag.startsWith(CORE) ? tag.slice(CORE.length) : '';
    switch (type) {
      case 'binary':
        return Buffer.from(text, 'base64').toString('utf8');
      case 'null':
      case 'bool':
      case 'int':
      case 'float':
        return this.#asType(resolvePlain(text), type);
      default:
        return text;
    }
  }

  #asType({ type, value }: Scalar, wanted: Scalar['type']): unknown {
    if (type === wanted) return value;
    if (type === 'int' && wanted === 'float') return Number(value);
    return this.#fail(`cannot decode !!${type} as a !!${wanted}`);
  }

  #open(event: Node, frame: Exclude<Frame, { kind: 'document' }>): void {
    this.#position = event.tagStart === -1 ? this.#position : event.tagStart;
    if (frame.anchor !== '') this.#anchors.set(frame.anchor, OPEN);
    this.#frames.push(frame);
  }

  #close(): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    if (frame.kind === 'document') {
      this.documents.push(frame.value);
      return;
    }
    if (frame.anchor !== '') this.#anchors.set(frame.anchor, frame.value);
    this.#add(frame.value);
  }

  /** The name is not quoted: a password may begin with `*`. */
  #alias({ anchorStart, anchorEnd }: Extract<Event, { type: typeof EVENT_ID.ALIAS }>): void {
    this.#position = anchorStart;
    const name = this.#source.slice(anchorStart, anchorEnd);
    if (!this.#anchors.has(name)) this.#fail('unknown anchor referenced');
    const value = this.#anchors.get(name);
    if (value === OPEN) this.#fail('the value of an anchor contains itself');
    this.#add(value);
  }

  /** Whether a `<<` stands where a key would. */
  #mergeNext(): boolean {
    const frame = this.#frames.at(-1);
    if (frame?.kind !== 'mapping' || frame.key !== undefined) return false;
    frame.key = 'merge';
    return true;
  }

  #add(value: unknown): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    if (frame.kind === 'document') {
      frame.value = value;
    } else if (frame.kind === 'sequence') {
      frame.value.push(value);
    } else if (frame.key === undefined) {
      frame.key = { name: this.#keyOf(value) };
    } else {
      const { key } = frame;
      frame.key = undefined;
      if (key === 'merge') this.#merge(frame.value, value);
      else frame.value[key.name] = value;
    }
  }

  /** Merged keys replace those before them, and the first of several mappings wins (decode.go, merge). */
  #merge(into: Mapping, value: unknown): void {
    const mappings: unknown[] = Array.isArray(value) ? value.toReversed() : [value];
    for (const mapping of mappings) {
      if (typeof mapping !== 'object' || mapping === null || Array.isArray(mapping)) {
        this.#fail('map merge requires map or sequence of maps as the value');
      }
      Object.assign(into, mapping);
    }
  }

  #keyOf(value: unknown): string {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
    return this.#fail('a key must be a text, a number or a boolean');
  }

  #anchorOf({ anchorStart, anchorEnd }: Node): string {
    return anchorStart === -1 ? '' : this.#source.slice(anchorStart, anchorEnd);
  }

  /** The full name of a node's tag; "" without one. `!` alone makes a string of a scalar. */
  #tagOf({ tagStart, tagEnd }: Node): string {
    if (tagStart === -1) return '';
    const raw = this.#source.slice(tagStart, tagEnd);
    if (raw.startsWith('!<')) return raw.slice(2, -1);
    const [, handle = '!', suffix = ''] = /^(!(?:[0-9A-Za-z-]*!)?)(.*)$/s.exec(raw) ?? [];
    return (this.#handles.get(handle) ?? (handle === '!!' ? CORE : handle)) + suffix;
  }

  #fail(why: string): never {
    return YAMLException.throwAt(this.#source, this.#position, why);
  }
}

/** Stands for an anchored collection until it is complete. */
const OPEN = Symbol('open');
