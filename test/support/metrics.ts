import { bytesField, doubleField, textField, varintField } from '../../src/codec/protobuf/writer.ts';

/** An exemplar as client_golang writes it. */
export interface SeriesExemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly seconds: number;
  readonly nanos: number;
}

const message = (field: number, parts: readonly Uint8Array[]): Buffer =>
  Buffer.concat(bytesField(field, Buffer.concat(parts)));

const labelPairs = (labels: Readonly<Record<string, string>>): Buffer[] =>
  Object.entries(labels).map(([name, value]) => message(1, [textField(1, name), textField(2, value)]));

const exemplarMessage = (field: number, { labels, value, seconds, nanos }: SeriesExemplar): Buffer =>
  message(field, [
    ...labelPairs(labels),
    doubleField(2, value),
    message(3, [varintField(1, seconds), varintField(2, nanos)]),
  ]);

/** A series of a histogram with an exemplar in each bucket, and those of its native form. */
export function histogram(
  labels: Readonly<Record<string, string>>,
  exemplars: readonly SeriesExemplar[],
  native: readonly SeriesExemplar[] = [],
): Buffer {
  const buckets = exemplars.map((exemplar, index) =>
    message(3, [varintField(1, index + 1), doubleField(2, index), exemplarMessage(3, exemplar)]),
  );
  const sum = exemplars.reduce((total, { value }) => total + value, 0);
  const own = [varintField(1, exemplars.length), doubleField(2, sum), ...buckets];
  return Buffer.concat([
    ...labelPairs(labels),
    message(7, [...own, ...native.map((exemplar) => exemplarMessage(16, exemplar))]),
  ]);
}

/** A family in the delimited encoding. `series` are the messages of its metrics. */
export function family(name: string, series: readonly Buffer[]): Buffer {
  const parts = [
    textField(1, name),
    textField(2, 'a metric'),
    varintField(3, 4),
    ...series.map((one) => message(4, [one])),
  ];
  const [head, body] = bytesField(1, Buffer.concat(parts));
  // The length without the tag before it.
  return Buffer.concat([head.subarray(1), body]);
}
