import { WireReader, WireType } from '../protobuf/reader.ts';

/** Spans that share a resource and a scope, as the messages they came in: views of one buffer. */
export interface SpanGroup {
  /** The message `Resource`; empty when there is none. */
  readonly resource: Buffer;
  /** The message `InstrumentationScope`; empty when there is none. */
  readonly scope: Buffer;
  /** Messages `Span`. */
  readonly spans: readonly Buffer[];
}

const NONE: Buffer = Buffer.alloc(0);

/**
 * The spans of `TracesData`, by resource and scope; nothing inside the three messages has been looked at. The older
 * place of the scopes, `instrumentation_library_spans` of 2021 (field 1000), counts too. Throws MalformedMessage.
 */
export function spanGroups(bytes: Uint8Array): SpanGroup[] {
  const groups: SpanGroup[] = [];
  const reader = new WireReader(bytes);
  while (reader.next(reader.end)) {
    if (reader.is(1, WireType.bytes)) resourceSpans(reader.view(), groups);
    else reader.skip();
  }
  return groups;
}

/** Fields may come in any order, so that the resource is known only at the end. */
function resourceSpans(message: Buffer, groups: SpanGroup[]): void {
  const reader = new WireReader(message);
  let resource = NONE;
  const byScope: Buffer[] = [];
  while (reader.next(reader.end)) {
    if (reader.is(1, WireType.bytes)) resource = reader.view();
    else if (reader.is(2, WireType.bytes) || reader.is(1000, WireType.bytes)) byScope.push(reader.view());
    else reader.skip();
  }
  for (const scopeSpans of byScope) groups.push(scopeGroup(scopeSpans, resource));
}

function scopeGroup(message: Buffer, resource: Buffer): SpanGroup {
  const reader = new WireReader(message);
  let scope = NONE;
  const spans: Buffer[] = [];
  while (reader.next(reader.end)) {
    if (reader.is(1, WireType.bytes)) scope = reader.view();
    else if (reader.is(2, WireType.bytes)) spans.push(reader.view());
    else reader.skip();
  }
  return { resource, scope, spans };
}
