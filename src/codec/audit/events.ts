import { after, epochNanos, measurable, type EpochNanos, type Nanos } from '../../trace/time.ts';
import { goNanos } from '../go-duration.ts';

/** One request as the API server's audit log has it (audit.k8s.io/v1, Event). */
export interface AuditEvent {
  readonly auditID: string;
  /** When the request was received, and when it was done with; both by the server's clock, in microseconds. */
  readonly received: EpochNanos;
  readonly ended: EpochNanos;
  /** Times of layers by their keys, such as `mutating-webhook`. Written only for requests of over 500 ms. */
  readonly latencies: ReadonlyMap<string, Nanos>;
  /** Names of the mutating webhooks that were called, in their order. */
  readonly mutating: readonly string[];
}

const LATENCY = 'apiserver.latency.k8s.io/';
const MUTATION = 'mutation.webhook.admission.k8s.io/round_';
/** The last stage of a request; a stream has begun with the second. */
const STAGES: readonly string[] = ['ResponseStarted', 'ResponseComplete', 'Panic'];

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The event of an object of an export: the log itself, the table AKSAudit of Azure, or an entry of Cloud Logging, which
 * has one time and the annotations as labels.
 */
export function auditEventOf(object: Members): (AuditEvent & { readonly rank: number }) | undefined {
  const { operation } = object;
  const auditID = object['auditID'] ?? object['AuditId'] ?? (isObject(operation) ? operation['id'] : undefined);
  if (typeof auditID !== 'string') return undefined;
  const annotations = annotationsOf(object['annotations'] ?? object['Annotations'] ?? object['labels']);
  const latencies = new Map<string, Nanos>();
  for (const [name, value] of Object.entries(annotations)) {
    const length = name.startsWith(LATENCY) ? goNanos(value) : undefined;
    if (length !== undefined) latencies.set(name.slice(LATENCY.length), length);
  }
  const total = latencies.get('total');
  const received = instant(object['requestReceivedTimestamp'] ?? object['RequestReceivedTime'] ?? object['timestamp']);
  const stamp = instant(object['stageTimestamp'] ?? object['StageReceivedTime']);
  const isEntry = isObject(operation) && received !== undefined && total !== undefined;
  const ended = isEntry ? after(received, total) : stamp;
  const stage = object['stage'] ?? object['Stage'] ?? 'ResponseComplete';
  const rank = typeof stage === 'string' ? STAGES.indexOf(stage) : -1;
  if (received === undefined || ended === undefined || rank < 0) return undefined;
  if (ended < received || measurable(received, ended) === undefined) return undefined;
  return { auditID, received, ended, latencies, mutating: mutatingIn(annotations), rank };
}

/** In Azure a text of JSON. */
function annotationsOf(value: unknown): Readonly<Record<string, string>> {
  let found = value;
  if (typeof value === 'string') {
    try {
      found = JSON.parse(value) as unknown;
    } catch {
      return {};
    }
  }
  if (!isObject(found)) return {};
  return Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** `…/round_0_index_1`: `{"configuration":"…","webhook":"…","mutated":true}` */
function mutatingIn(annotations: Readonly<Record<string, string>>): readonly string[] {
  const found = Object.entries(annotations).flatMap(([name, value]): { place: number; webhook: string }[] => {
    const [, round, index] = /^(\d{1,4})_index_(\d{1,4})$/.exec(name.replace(MUTATION, '')) ?? [];
    const webhook = name.startsWith(MUTATION) ? annotationsOf(value)['webhook'] : undefined;
    return webhook === undefined ? [] : [{ place: Number(round) * 10_000 + Number(index), webhook }];
  });
  return found.toSorted((one, other) => one.place - other.place).map(({ webhook }) => webhook);
}

const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:00)?$/;

/** An instant of RFC 3339 in UTC; undefined for anything else, and before 1970. */
function instant(value: unknown): EpochNanos | undefined {
  const [, day, time, fraction = ''] = TIME.exec(typeof value === 'string' ? value : '') ?? [];
  const millis = Date.parse(`${day}T${time}Z`);
  return Number.isNaN(millis) || millis < 0
    ? undefined
    : epochNanos(BigInt(millis) * 1_000_000n + BigInt(fraction.padEnd(9, '0')));
}
