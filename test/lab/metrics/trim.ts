import { metricFamilies } from '../../../src/codec/metrics/families.ts';
import { WireReader, WireType } from '../../../src/codec/protobuf/reader.ts';
import { bytesField } from '../../../src/codec/protobuf/writer.ts';

/** Series of other requests that each family keeps, so that a reader has something to leave out. */
const OTHER_SERIES = 2;

/** Families without exemplars of ours that stay: totals for `--metrics=delta`, a counter and a gauge. */
const OTHER_FAMILIES = [
  'etcd_request_duration_seconds',
  'apiserver_storage_transformation_duration_seconds',
  'apiserver_request_total',
  'process_start_time_seconds',
];

/**
 * A `/metrics` response in protobuf with the families that have exemplars of a trace, and a few others. Of each family
 * it has the series with those exemplars and the first few without them. Their bytes are unchanged.
 */
export function trimmed(metrics: Buffer, traceID: string): Buffer {
  const parts: Buffer[] = [];
  for (const { name, message } of metricFamilies(metrics)) {
    if (!message.includes(traceID) && !OTHER_FAMILIES.includes(name)) continue;
    const [head, body] = bytesField(1, familyOf(message, traceID));
    // The length without the tag before it.
    parts.push(head.subarray(1), Buffer.from(body));
  }
  return Buffer.concat(parts);
}

function familyOf(message: Buffer, traceID: string): Buffer {
  const reader = new WireReader(message);
  const kept: Buffer[] = [];
  let others = 0;
  for (let start = reader.position; reader.next(reader.end); start = reader.position) {
    const isSeries = reader.is(4, WireType.bytes);
    reader.skip();
    const field = message.subarray(start, reader.position);
    if (!isSeries || field.includes(traceID) || others++ < OTHER_SERIES) kept.push(field);
  }
  return Buffer.concat(kept);
}
