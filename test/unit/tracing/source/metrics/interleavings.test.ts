import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { exemplarKey, exemplarsOf, type Exemplar } from '../../../../../src/codec/metrics/exemplars.ts';
import type { RequestReport } from '../../../../../src/report/report.ts';
import type { SpanID, TraceID } from '../../../../../src/trace/ids.ts';
import { nanos } from '../../../../../src/trace/time.ts';
import { measurementOf, type Measurement } from '../../../../../src/tracing/source/metrics/measure.ts';
import { MetricsRegistry, type Observation } from '../../../../support/metrics-registry.ts';
import { nodesRequest } from '../../../../support/reports.ts';
import { spanID, traceID } from '../../../../support/spans.ts';

/**
 * Requests of several clients in one API server, in any order of their observations. Only exemplars of a request's own
 * observations may become its rows.
 */
const OURS = traceID('a1');
const STEP = 1_000_003n;
const BASE = 1_795_900_000_000_000_000n;

/** `ours`; `nested`: of a webhook in our trace, about another resource; `sampled` and `unsampled`: of other clients. */
type Kind = 'ours' | 'nested' | 'sampled' | 'unsampled';

interface Client {
  readonly kind: Kind;
  readonly resource: string;
  /** How long each observation takes, in seconds. */
  readonly seconds: readonly number[];
}

interface Scene {
  readonly clients: readonly Client[];
  /** The client of each next step. */
  readonly order: readonly number[];
  readonly native: number;
  /** A proxy puts its own spans in the place of ours. */
  readonly isProxied: boolean;
}

const STEPS = 5;
const duration = fc.constantFrom(0.0001, 0.001, 0.01, 0.2);
const client = (kind: fc.Arbitrary<Kind>): fc.Arbitrary<Client> =>
  fc
    .record({
      kind,
      resource: fc.constantFrom('configmaps', 'secrets'),
      seconds: fc.array(duration, { minLength: STEPS, maxLength: STEPS }),
    })
    .map((one) => (one.kind === 'nested' ? { ...one, resource: 'namespaces' } : one));

const scenes = (isProxied: boolean, others: fc.Arbitrary<Kind>): fc.Arbitrary<Scene> =>
  fc
    .tuple(
      fc.array(client(fc.constant('ours')), { minLength: 1, maxLength: 3 }),
      fc.array(client(others), { maxLength: 4 }),
    )
    .chain(([ours, more]) => {
      const clients = [...ours, ...more];
      const all = clients.flatMap((_, index) => Array.from({ length: STEPS }, () => index));
      return fc.record({
        clients: fc.constant(clients),
        order: fc.shuffledSubarray(all, { minLength: all.length }),
        native: fc.constantFrom(0, 10),
        isProxied: fc.constant(isProxied),
      });
    });

/** The observations of one request, in the order in which an API server makes them. */
function observations({ resource, seconds }: Client, context: Observation['context']): Observation[] {
  const filter = (name: string) => ({
    metric: 'apiserver_request_filter_duration_seconds',
    labels: { filter: name },
  });
  const made = [
    filter('audit'),
    filter('priorityandfairness'),
    filter('authorization'),
    { metric: 'apiserver_admission_step_admission_duration_seconds', labels: { type: 'admit' } },
    { metric: 'apiserver_request_duration_seconds', labels: { verb: 'POST', resource } },
  ];
  return made.map((one, index) => ({ ...one, seconds: seconds[index] as number, ...(context && { context }) }));
}

interface Played {
  readonly measurement: Measurement;
  readonly requests: readonly RequestReport[];
  /** The observations of each of our requests, by their times. */
  readonly own: ReadonlyMap<RequestReport, ReadonlySet<bigint>>;
}

function play({ clients, order, native, isProxied }: Scene, readsBetween: boolean): Played {
  const registry = new MetricsRegistry(native);
  const id = (index: number, prefix: string): SpanID => spanID(`${prefix}${index}`);
  const requests = new Map<number, RequestReport>();
  const own = new Map<RequestReport, Set<bigint>>();
  const pending = clients.map((one, index): Observation[] => {
    const trace: TraceID = one.kind === 'sampled' ? traceID(`b${index}`) : OURS;
    const span = id(index, one.kind === 'ours' && !isProxied ? 'c' : 'd');
    if (one.kind === 'ours') {
      const request = { ...nodesRequest, method: 'POST', resource: one.resource, spanID: id(index, 'c'), status: 201 };
      requests.set(index, request);
      own.set(request, new Set());
    }
    return observations(one, one.kind === 'unsampled' ? undefined : { traceID: trace, spanID: span });
  });
  const earlier = new Map<string, Exemplar>();
  const exemplars = (): readonly Exemplar[] => exemplarsOf(registry.read(), OURS) ?? assert.fail('it is well-formed');
  for (const [step, index] of order.entries()) {
    const observation = pending[index]?.shift();
    const time = BASE + BigInt(step) * STEP;
    if (observation === undefined) continue;
    registry.observe(observation, time);
    const request = requests.get(index);
    if (request !== undefined) own.get(request)?.add(time);
    const isOver = pending[index]?.length === 0;
    if (readsBetween && isOver) for (const one of exemplars()) earlier.set(exemplarKey(one), one);
  }
  const last = { status: 'read', exemplars: exemplars(), startedAt: '1', tookNanos: nanos(0) } as const;
  const sent = [...requests.values()];
  return { measurement: measurementOf({ last, earlier: [...earlier.values()] }, sent, OURS), requests: sent, own };
}

/** Every row that a metric observed is of the request that it is attributed to. */
function assertOwn({ measurement, requests, own }: Played): void {
  for (const request of requests) {
    for (const { span, precision } of measurement.rows.get(request) ?? []) {
      if (span.attributes['metric.name'] === undefined || precision !== 'exact') continue;
      // The end of the request itself is moved where a stage shows that it began earlier.
      if (span.attributes['metric.name'] === 'apiserver_request_duration_seconds') continue;
      assert.ok(own.get(request)?.has(span.end), `${span.name} is of another request`);
    }
  }
}

suite('requests of several clients at once', () => {
  for (const readsBetween of [false, true]) {
    const when = readsBetween ? 'after each request' : 'once';
    test(`read ${when}: no row is of another request`, () => {
      const others = fc.constantFrom<Kind>('nested', 'sampled', 'unsampled');
      fc.assert(
        fc.property(scenes(false, others), (scene) => assertOwn(play(scene, readsBetween))),
        { numRuns: 300 },
      );
    });

    test(`read ${when}, behind a proxy with its own spans: no row is of another request`, () => {
      const others = fc.constantFrom<Kind>('sampled', 'unsampled');
      fc.assert(
        fc.property(scenes(true, others), (scene) => assertOwn(play(scene, readsBetween))),
        { numRuns: 300 },
      );
    });
  }

  test('unsampled ones replace nothing: a single request has all its rows, and the time as a whole', () => {
    fc.assert(
      fc.property(
        fc.boolean().chain((isProxied) => scenes(isProxied, fc.constant('unsampled'))),
        (scene) => {
          const clients = scene.clients.filter(({ kind }, index) => kind !== 'ours' || index === 0);
          const order = scene.order.filter((index) => index < clients.length);
          const { measurement, requests } = play({ ...scene, clients, order }, false);
          const [request] = requests as [RequestReport];
          const exact = measurement.rows.get(request)?.filter(({ precision }) => precision === 'exact') ?? [];
          assert.equal(exact.length, STEPS);
        },
      ),
    );
  });
});
