import { readdirSync, readFileSync } from 'node:fs';
import { openBackend } from '../../src/backend/registry.ts';
import type { TraceBackend } from '../../src/backend/backend.ts';
import { PodReader } from '../../src/commands/pod/reader.ts';
import { showPods } from '../../src/commands/pod/show-pods.ts';
import { podSubject, readSubject } from '../../src/commands/pod/subject.ts';
import type { Cluster, Exchange, KubeRequest } from '../../src/kube/http/exchange.ts';
import { encodeQuery } from '../../src/kube/api/request.ts';
import type { ResourceType } from '../../src/kube/api/resource-type.ts';
import type { PodReport } from '../../src/report/pod-report.ts';
import type { Runtime } from '../../src/runtime.ts';
import { after, epochNanos, nanos, nanosFromMillis, type EpochNanos } from '../../src/trace/time.ts';
import { FakeClock } from './fake-clock.ts';

/** Facts about the recording, known before any tool judged it: see test/fixtures/pods/README.md. */
export interface Truth {
  readonly story: string;
  readonly says: string;
  readonly subject: { readonly kind: string; readonly namespace: string; readonly name: string };
  readonly pods: readonly { readonly name: string; readonly uid: string }[];
  readonly snapshots: Readonly<Record<string, { readonly now: string; readonly verdict: TrueVerdict }>>;
}

export interface TrueVerdict {
  readonly state: string;
  readonly stage: string;
  readonly reason: string | null;
  readonly waitingFor: { readonly kind: string; readonly name: string } | null;
  readonly owner: string | null;
  readonly names: readonly string[];
  readonly proven: boolean;
}

interface Answer {
  /** Path of the API server. */
  readonly path: string;
  /** Address in Jaeger. */
  readonly url: string;
  readonly status: number;
  readonly body: unknown;
}

const folder = new URL('../fixtures/pods/', import.meta.url);

export const POD_STORIES: readonly string[] = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .toSorted();

export const truthOf = (story: string): Truth =>
  JSON.parse(readFileSync(new URL(`${story}/truth.json`, folder), 'utf8')) as Truth;

const answersOf = (path: string): Answer[] => JSON.parse(readFileSync(new URL(path, folder), 'utf8')) as Answer[];

/** Whether the pod itself said at that moment that it was Ready. */
export function isReady(story: string, snapshot: string): boolean {
  const { subject } = truthOf(story);
  const path = `/api/v1/namespaces/${subject.namespace}/pods/${subject.name}`;
  const pod = answersOf(`${story}/${snapshot}/requests.json`).find((answer) => answer.path === path)?.body;
  const { status } = pod as { status?: { conditions?: { type: string; status: string }[] } };
  return status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true;
}

/** Differences from the recording that a test may want. */
export interface Replay {
  /** False: no backend is known. */
  readonly traced?: boolean;
  /** Paths that get a 403. */
  readonly forbidden?: RegExp;
  /** Every event has expired. */
  readonly eventless?: boolean;
  /** Later than the snapshot, in milliseconds. */
  readonly later?: number;
  /** This machine's clock is ahead of the server's, in milliseconds; then the responses have a Date. */
  readonly ahead?: number;
  /** Changes the responses of the API server. */
  readonly change?: (body: unknown, path: string) => unknown;
}

/** A story as the whole command sees it, with the recorded responses of the API server and Jaeger. */
export async function recordedPods(story: string, snapshot: string, replay: Replay = {}): Promise<PodReport> {
  const { subject, snapshots } = truthOf(story);
  const at = instant(snapshots[snapshot]!.now, replay.later ?? 0);
  const clock = new FakeClock(after(at, nanosFromMillis(replay.ahead ?? 0)));
  const runtime = {
    clock,
    interrupted: new AbortController().signal,
    random: (size: number) => new Uint8Array(size).fill(1),
  } as unknown as Runtime;
  const server = recordedServer(answersOf(`${story}/${snapshot}/requests.json`), replay);
  const send = replay.ahead === undefined ? server : dated(server, at, clock.now());
  const reader = new PodReader(send, 'lab');
  const { kind, namespace, name } = subject;
  const found = kind === 'Pod' ? podSubject(namespace, name) : await readSubject(typeOf(kind), namespace, name, reader);
  return showPods(
    {
      verb: 'pod',
      args: ['pod', kind === 'Pod' ? name : `${kind.toLowerCase()}/${name}`],
      version: '0.1.0',
      cluster: { contextName: 'lab', server: 'https://127.0.0.1:6443', namespace } as Cluster,
      startedAt: clock.now(),
      subject: found,
      reader,
      backend: replay.traced === false ? undefined : recordedJaeger(`${story}/${snapshot}/spans.json`, runtime),
      follow: { follow: false, untilStuck: nanosFromMillis(60_000), timeout: nanos(0) },
    },
    runtime,
  );
}

/** The same server with its time in each response, which takes no time. */
function dated(
  send: (request: KubeRequest) => Promise<Exchange>,
  server: EpochNanos,
  startedAt: EpochNanos,
): (request: KubeRequest) => Promise<Exchange> {
  const date = new Date(Number(server / 1_000_000n)).toUTCString();
  const phases = { dnsNanos: null, connectNanos: null, tlsNanos: null, sendNanos: nanos(0), waitNanos: nanos(0) };
  return async (request) => ({
    ...(await send(request)),
    startedAt,
    durationNanos: nanos(0),
    phases: { ...phases, receiveNanos: nanos(0) },
    headers: { date },
  });
}

function instant(text: string, later: number): EpochNanos {
  return epochNanos(BigInt(Date.parse(text) + later) * 1_000_000n);
}

const GROUPS: Readonly<Record<string, string>> = { Job: 'batch' };

function typeOf(kind: string): ResourceType {
  const resource = `${kind.toLowerCase()}s`;
  return {
    group: GROUPS[kind] ?? 'apps',
    version: 'v1',
    resource,
    kind,
    singular: kind.toLowerCase(),
    namespaced: true,
    shortNames: [],
    categories: [],
    verbs: [],
  };
}

/** Responds to lists by filtering the recorded ones, as the server would. */
export function recordedServer(
  answers: readonly Answer[],
  replay: Replay = {},
): (request: KubeRequest) => Promise<Exchange> {
  const known = new Map(answers.map((answer) => [answer.path, answer]));
  return async (request) => {
    const answer = answerTo(request, known);
    const refused = replay.forbidden?.test(request.path) === true;
    const changed =
      replay.change === undefined ? answer.body : replay.change(structuredClone(answer.body), request.path);
    const body = replay.eventless === true && request.path.endsWith('/events') ? { items: [] } : changed;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return {
      request,
      status: refused ? 403 : answer.status,
      headers: {},
      body: Buffer.from(text),
      error: null,
    } as unknown as Exchange;
  };
}

function answerTo(request: KubeRequest, known: ReadonlyMap<string, Answer>): Answer {
  const absent: Answer = {
    path: request.path,
    url: '',
    status: 404,
    body: { kind: 'Status', message: 'not recorded' },
  };
  if (request.subresource === 'log') {
    const wanted = ['container', 'previous', 'tailLines'].flatMap((name) =>
      request.query.filter(([one]) => one === name),
    );
    return known.get(`${request.path}?${encodeQuery(wanted)}`) ?? absent;
  }
  const answer = known.get(request.path);
  if (answer === undefined || request.query.length === 0) return answer ?? absent;
  const list = answer.body as { readonly items?: readonly object[] };
  const query = new Map(request.query);
  const items = (list.items ?? []).filter(
    (item) => hasFields(item, query.get('fieldSelector')) && hasLabels(item, query.get('labelSelector')),
  );
  return { ...answer, body: { ...list, metadata: { resourceVersion: '1' }, items } };
}

const hasFields = (item: object, selector: string | undefined): boolean =>
  (selector ?? '').split(',').every((part) => {
    const [path = '', value] = part.split('=');
    if (path === '') return true;
    const found = path
      .split('.')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], item);
    return found === value;
  });

function hasLabels(item: object, selector: string | undefined): boolean {
  const labels = (item as { metadata?: { labels?: Record<string, string> } }).metadata?.labels ?? {};
  return (selector ?? '').split(',').every((part) => {
    const [key = '', value] = part.split('=');
    return key === '' || labels[key] === value;
  });
}

/** Jaeger's own responses, decoded as those of a live one. */
function recordedJaeger(path: string, { clock, random }: Runtime): TraceBackend {
  const answers = answersOf(path);
  const fetch = async (input: string | URL | Request): Promise<Response> => {
    const asked = new URL(input as string);
    const tags = asked.searchParams.get('tags');
    const answer = answers.find(({ url }) => new URL(url, asked).searchParams.get('tags') === tags);
    return Response.json(answer?.body ?? { data: [] }, { status: answer?.status ?? 200 });
  };
  return openBackend({ kind: 'jaeger', url: 'http://127.0.0.1:16686' }, { fetch, random, clock });
}
