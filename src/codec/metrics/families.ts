import { MalformedMessage, WireReader, WireType } from '../protobuf/reader.ts';

/** One `MetricFamily` of a `/metrics` response in protobuf. Its metrics are not decoded yet. */
export interface MetricFamily {
  readonly name: string;
  readonly message: Buffer;
}

/** One series of a family: a counter or a histogram with its labels. */
export interface MetricSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly message: Buffer;
}

/**
 * The families of a response in the delimited encoding, each behind its length
 * (prometheus/client_model, io/prometheus/client/metrics.proto). Nothing is copied. Throws MalformedMessage.
 */
export function* metricFamilies(body: Uint8Array): Generator<MetricFamily> {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const reader = new WireReader(bytes);
  while (reader.position < bytes.length) {
    const message = reader.view();
    yield { name: nameOf(message), message };
  }
}

/** The series of a family that `isWanted` accepts by their bytes. Throws MalformedMessage. */
export function* seriesOf(family: MetricFamily, isWanted: (message: Buffer) => boolean): Generator<MetricSeries> {
  const reader = new WireReader(family.message);
  while (reader.next(reader.end)) {
    if (!reader.is(4, WireType.bytes)) {
      reader.skip();
      continue;
    }
    const message = reader.view();
    if (isWanted(message)) yield { labels: labelsIn(message, 1), message };
  }
}

/** `LabelPair` fields of a message, by their field number. Throws MalformedMessage. */
export function labelsIn(message: Buffer, field: number): Readonly<Record<string, string>> {
  const labels = Object.create(null) as Record<string, string>;
  const reader = new WireReader(message);
  while (reader.next(reader.end)) {
    if (reader.is(field, WireType.bytes)) {
      const [name, value] = labelPair(reader.view());
      labels[name] = value;
    } else reader.skip();
  }
  return labels;
}

/** The length-delimited fields of a message that have one of the numbers. Throws MalformedMessage. */
export function* messagesIn(message: Buffer, ...fields: readonly number[]): Generator<[field: number, value: Buffer]> {
  const reader = new WireReader(message);
  while (reader.next(reader.end)) {
    const { field } = reader;
    if (reader.type === WireType.bytes && fields.includes(field)) yield [field, reader.view()];
    else reader.skip();
  }
}

/** The name is the first field, as Go's encoder writes it. */
function nameOf(message: Buffer): string {
  const reader = new WireReader(message);
  while (reader.next(reader.end)) {
    if (reader.is(1, WireType.bytes)) return reader.string();
    reader.skip();
  }
  throw new MalformedMessage('a family of metrics has no name');
}

function labelPair(message: Buffer): [name: string, value: string] {
  const reader = new WireReader(message);
  let name = '';
  let value = '';
  while (reader.next(reader.end)) {
    if (reader.is(1, WireType.bytes)) name = reader.string();
    else if (reader.is(2, WireType.bytes)) value = reader.string();
    else reader.skip();
  }
  return [name, value];
}
