import { readdirSync, readFileSync } from 'node:fs';
import { decodeOTLP } from '../../src/backend/wire/otlp-json.ts';
import type { RequestFacts, Verb } from '../../src/analysis/completeness/facts.ts';
import { parseSpanID, parseTraceID } from '../../src/trace/ids.ts';
import type { Span } from '../../src/trace/span.ts';
import { epochNanos, type EpochNanos } from '../../src/trace/time.ts';

const folder = new URL('../fixtures/recorded/', import.meta.url);

/** What the recorder knew of a request without its trace. */
export interface Truth {
  readonly version: string;
  readonly context: string;
  readonly story: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
  readonly traceID: string;
  readonly spanID: string;
  readonly auditID: string;
  readonly start: string;
  readonly end: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly phases: Readonly<Record<string, number>>;
  readonly webhookCalls: readonly { readonly name: string }[];
}

/** One request to a real server of some version, and the spans that a real backend had of it. */
export interface RecordedStory {
  /** `1.37 admin-list` */
  readonly title: string;
  readonly minor: number;
  readonly truth: Truth;
  readonly spans: readonly Span[];
}

export const recordedMinors: readonly number[] = readdirSync(folder)
  .filter((name) => /^1\.\d+$/.test(name))
  .map((name) => Number(name.slice(2)))
  .toSorted((a, b) => a - b);

/** Every story of one version, or of all. */
export function recordedStories(minor?: number): RecordedStory[] {
  return recordedMinors
    .filter((one) => minor === undefined || one === minor)
    .flatMap((one) =>
      readdirSync(new URL(`1.${one}/`, folder))
        .filter((name) => name.endsWith('.json'))
        .map((name) => load(one, name)),
    );
}

interface Recording {
  readonly truth: Truth;
  readonly found: { readonly traceID: string } | null;
  readonly answers: readonly { readonly url: string; readonly status: number; readonly body: unknown }[];
}

function load(minor: number, name: string): RecordedStory {
  const text = readFileSync(new URL(`1.${minor}/${name}`, folder), 'utf8');
  const { truth, found, answers } = JSON.parse(text) as Recording;
  const answer = answers.find(
    ({ url, status }) => status === 200 && url.startsWith(`/api/v3/traces/${found?.traceID}`),
  );
  const title = `1.${minor} ${name.replace('.json', '')}`;
  if (answer === undefined) throw new Error(`${title} has no trace`);
  const decoded = decodeOTLP(JSON.stringify(answer.body));
  if (decoded === undefined || decoded.dropped > 0) throw new Error(`${title} cannot be decoded whole`);
  return { title, minor, truth, spans: decoded.spans };
}

const VERBS: Readonly<Record<string, readonly [item: Verb, collection: Verb]>> = {
  GET: ['get', 'list'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['delete', 'deletecollection'],
};

/** The facts of a recorded request, made from its ground truth alone. */
export function factsOf({ minor, truth }: RecordedStory): RequestFacts {
  const [path = '', query = ''] = truth.path.split('?');
  const [, resource = null, name] =
    /^\/apis?\/(?:[a-z.]+\/)?v\d\w*\/(?:namespaces\/[^/]+\/)?([a-z]+)(?:\/([^/]+))?$/.exec(path) ?? [];
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
    group: resource === null ? null : '',
    resource,
    subresource: null,
    resourceVersion: new URLSearchParams(query).get('resourceVersion') ?? '',
    dryRun: false,
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
