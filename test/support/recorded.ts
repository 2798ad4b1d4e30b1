import type { RequestExpectation, Verb } from '../../src/analysis/completeness/request-expectation.ts';
import { decodeOTLP } from '../../src/codec/otlp/json.ts';
import { parseSpanID, parseTraceID } from '../../src/trace/ids.ts';
import type { Span } from '../../src/trace/span.ts';
import { epochNanos, type EpochNanos } from '../../src/trace/time.ts';
import { minorOf } from '../lab/cluster/versions.ts';
import { readRecordings, type Recording, type Truth } from '../lab/record/fixture.ts';

/** One request to a real server of some version, and the spans that a real backend had of it. */
export interface RecordedStory {
  /** `1.37 admin-list` */
  readonly title: string;
  readonly minor: number;
  readonly truth: Truth;
  readonly found: NonNullable<Recording['found']>;
  readonly spans: readonly Span[];
}

/** Every story of one version, or of all. */
export function recordedStories(minor?: number): RecordedStory[] {
  return readRecordings()
    .filter(({ recording }) => minor === undefined || minor === minorOf(recording.truth.version))
    .map(({ name, recording }) => storyOf(name.replace('/', ' ').replace('.json', ''), recording));
}

function storyOf(title: string, { truth, found, answers }: Recording): RecordedStory {
  const answer = answers.find(
    ({ url, status }) => status === 200 && url.startsWith(`/api/v3/traces/${found?.traceID}?`),
  );
  if (found === null || answer === undefined) throw new Error(`${title} has no trace`);
  const decoded = decodeOTLP(JSON.stringify(answer.body));
  if (decoded === undefined || decoded.dropped > 0) throw new Error(`${title} cannot be decoded whole`);
  return { title, minor: minorOf(truth.version), truth, found, spans: decoded.spans };
}

const VERBS: Readonly<Record<string, readonly [item: Verb, collection: Verb]>> = {
  GET: ['get', 'list'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['delete', 'deletecollection'],
};

/** Expectation of a recorded request, made from its ground truth alone. */
export function expectationOf({ minor, truth }: RecordedStory): RequestExpectation {
  const [path = '', query = ''] = truth.path.split('?');
  const [, group = '', resource = null, name, subresource = null] =
    /^\/(?:api|apis\/([a-z0-9.]+))\/v\d\w*\/(?:namespaces\/[^/]+\/)?([a-z]+)(?:\/([^/]+))?(?:\/([a-z]+))?$/.exec(
      path,
    ) ?? [];
  const verbs = VERBS[truth.method] ?? ['other', 'other'];
  const traceID = parseTraceID(truth.traceID);
  const spanID = parseSpanID(truth.spanID);
  if (traceID === undefined || spanID === undefined) throw new Error(`${truth.story} has no valid IDs`);
  return {
    traceID,
    spanID,
    auditID: truth.headers['audit-id'] ?? null,
    verb: resource === null ? (/^\/apis?(\/|$)/.test(path) ? 'discovery' : 'other') : verbs[name === undefined ? 1 : 0],
    path,
    group: resource === null ? null : group,
    resource,
    subresource,
    resourceVersion: new URLSearchParams(query).get('resourceVersion') ?? '',
    dryRun: new URLSearchParams(query).has('dryRun'),
    boundObject: truth.story === 'token-bound',
    unconverted: group === 'record.test',
    status: truth.status,
    prioritized: 'x-kubernetes-pf-prioritylevel-uid' in truth.headers,
    serverMinor: minor,
    // The recorder's webhooks match every created ConfigMap by their rules; a selector keeps them from most.
    webhooks:
      truth.method === 'POST' && resource === 'configmaps'
        ? ['slow.mutating.record.test', 'quick.validating.record.test']
        : [],
  };
}

export const answeredAt = ({ truth }: RecordedStory): EpochNanos => epochNanos(BigInt(truth.end));
export const startedAt = ({ truth }: RecordedStory): EpochNanos => epochNanos(BigInt(truth.start));
