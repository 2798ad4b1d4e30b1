import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { Exemplar } from '../../../../../src/codec/metrics/exemplars.ts';
import type { RequestReport } from '../../../../../src/report/report.ts';
import type { SpanID } from '../../../../../src/trace/ids.ts';
import { epochNanos, nanos } from '../../../../../src/trace/time.ts';
import type { TraceInput } from '../../../../../src/trace/trace.ts';
import { measurementOf } from '../../../../../src/tracing/source/metrics/measure.ts';
import { nodesRequest } from '../../../../support/reports.ts';
import { spanID, traceID } from '../../../../support/spans.ts';

const TRACE = traceID('a1');
const BASE = 1_795_900_000_000_000_000n;
const OURS = spanID('c1');

/** An observation of a metric that began and ended at these microseconds. */
function observed(
  metric: string,
  [from, to]: readonly [number, number],
  labels: Readonly<Record<string, string>> = {},
  id: SpanID = OURS,
): Exemplar {
  return { metric, labels, spanID: id, value: (to - from) / 1e6, time: epochNanos(BASE + BigInt(to) * 1000n) };
}

const filter = (name: string, times: readonly [number, number], id?: SpanID): Exemplar =>
  observed('apiserver_request_filter_duration_seconds', times, { filter: name }, id);

/** What a create with one mutating webhook leaves. */
const CREATE: readonly Exemplar[] = [
  observed('apiserver_request_duration_seconds', [0, 704_000], { verb: 'POST', resource: 'configmaps' }),
  filter('audit', [170, 302]),
  filter('priorityandfairness', [322, 434]),
  observed('apiserver_flowcontrol_request_wait_duration_seconds', [360, 418], {
    priority_level: 'global-default',
    flow_schema: 'global-default',
  }),
  filter('authorization', [442, 489]),
  { ...observed('apiserver_request_body_size_bytes', [633, 633]), value: 88 },
  observed('apiserver_admission_step_admission_duration_seconds', [980, 668_440], { type: 'admit' }),
  observed('apiserver_admission_controller_admission_duration_seconds', [1000, 1010], { name: 'NamespaceLifecycle' }),
  observed('apiserver_admission_controller_admission_duration_seconds', [1070, 668_420], {
    name: 'MutatingAdmissionWebhook',
  }),
  // The same end as the plug-in's, and a little before its start: both are taken one after the other.
  observed('apiserver_admission_webhook_admission_duration_seconds', [1065, 668_404], {
    name: 'slow.example.com',
    type: 'admit',
    operation: 'CREATE',
  }),
  observed('rest_client_request_duration_seconds', [1160, 668_260], { verb: 'POST', host: '127.0.0.1:39443' }),
  observed('apiserver_admission_step_admission_duration_seconds', [668_600, 701_988], { type: 'validate' }),
];

const create: RequestReport = {
  ...nodesRequest,
  method: 'POST',
  path: '/api/v1/namespaces/default/configmaps',
  resource: 'configmaps',
  status: 201,
};

const read = (exemplars: readonly Exemplar[]) =>
  ({ status: 'read', exemplars, startedAt: '1795890000', tookNanos: nanos(50e6) }) as const;

const measured = (last: ReturnType<typeof read>, requests: readonly RequestReport[], trace: typeof TRACE) =>
  measurementOf({ last }, requests, trace);

function rowsOf(exemplars: readonly Exemplar[], request = create): readonly TraceInput[] {
  return measured(read(exemplars), [request], TRACE).rows.get(request) ?? [];
}

/** `name < parent` and times in microseconds. */
function told(rows: readonly TraceInput[]): string[] {
  const names = new Map(rows.map(({ span }) => [span.spanID, span.name]));
  return rows.map(({ span, precision }) => {
    const times = [span.start, span.end].map((time) => Number(time - BASE) / 1000);
    return `${span.name} < ${names.get(span.parentSpanID!) ?? span.parentSpanID} ${times.join('–')} ${precision}`;
  });
}

suite('the rows of a request', () => {
  test('are exact where a metric observed them, below the stage that they lie in', () => {
    const root = 'POST /api/v1/namespaces/default/configmaps';
    assert.deepEqual(
      told(rowsOf(CREATE)).toSorted(),
      [
        `${root} < ${OURS} 0–704000 exact`,
        `audit < ${root} 170–302 exact`,
        `priorityandfairness < ${root} 322–434 exact`,
        'queue of priority level global-default < priorityandfairness 360–418 exact',
        `authorization < ${root} 442–489 exact`,
        `mutating admission < ${root} 980–668440 exact`,
        'NamespaceLifecycle < mutating admission 1000–1010 exact',
        'MutatingAdmissionWebhook < mutating admission 1070–668420 exact',
        'Call mutating webhook < MutatingAdmissionWebhook 1065–668404 exact',
        'HTTP POST 127.0.0.1:39443 < Call mutating webhook 1160–668260 exact',
        `validating admission < ${root} 668600–701988 exact`,
        `authentication (at most) < ${root} 0–170 at-most`,
        `read the body (inferred) < ${root} 489–633 inferred`,
        `decode, convert, default (inferred) < ${root} 633–980 inferred`,
        `built-in validation (inferred) < ${root} 668440–668600 inferred`,
        `storage, encode, write (inferred) < ${root} 701988–704000 inferred`,
      ].toSorted(),
    );
  });

  test('are of one request, whatever others the trace has', () => {
    const other = spanID('c2');
    const second = { ...create, spanID: other };
    const exemplars = [...CREATE, filter('audit', [900_000, 900_100], other)];
    const { rows } = measured(read(exemplars), [create, second], TRACE);
    assert.equal(rows.get(create)?.length, rowsOf(CREATE).length);
    assert.deepEqual(
      rows.get(second)?.map(({ precision }) => precision),
      ['inferred', 'exact'],
    );
  });

  test('hang together when any one metric is missing', () => {
    for (let left = 0; left < CREATE.length; left++) {
      const rows = rowsOf(CREATE.filter((_, index) => index !== left));
      const ids = new Set(rows.map(({ span }) => span.spanID));
      for (const { span } of rows.slice(1)) assert.ok(ids.has(span.parentSpanID!), span.name);
    }
    assert.deepEqual(rowsOf([]), []);
  });

  test('name every stage that a gap may hold where its exemplars were replaced', () => {
    const gapsWithout = (...names: readonly string[]): string[] => {
      const isGone = ({ metric, labels }: Exemplar): boolean =>
        names.some((name) => [labels['filter'], labels['type'], metric].includes(name));
      const left = CREATE.filter((one) => !isGone(one) && !/plugin|controller|webhook|rest_client/.test(one.metric));
      return rowsOf(left).flatMap(({ span, precision }) => (precision === 'inferred' ? [span.name] : []));
    };
    const admission = ['admit', 'validate'];
    const filters = ['audit', 'priorityandfairness', 'authorization'];
    const queue = 'apiserver_flowcontrol_request_wait_duration_seconds';
    assert.deepEqual(gapsWithout('authorization').slice(0, 2), [
      'filters, read the body (inferred)',
      'filters, decode, convert, default (inferred)',
    ]);
    assert.deepEqual(gapsWithout('validate').at(-1), 'validation, storage, encode, write (inferred)');
    assert.deepEqual(gapsWithout(...admission), ['admission, storage, encode, write (inferred)']);
    assert.deepEqual(gapsWithout(...admission, 'authorization'), [
      'filters, admission, storage, encode, write (inferred)',
    ]);
    assert.deepEqual(gapsWithout(...admission, ...filters, queue), [
      'authentication, filters, admission, storage, encode, write (inferred)',
    ]);
  });

  test('have the length alone of an authorization that refused the request', () => {
    const rows = rowsOf(
      [
        observed('apiserver_request_duration_seconds', [0, 900]),
        filter('audit', [100, 200]),
        observed('authorization_duration_seconds', [850, 890], { result: 'no-opinion' }),
      ],
      { ...create, status: 403 },
    );
    assert.deepEqual(
      told(rows).at(-1),
      'authorization (length only) < POST /api/v1/namespaces/default/configmaps 200–240 length-only',
    );
  });

  test('end with the start of a stream, whose client decides how long it is open', () => {
    const watch = { ...create, method: 'GET', status: 200, openNanos: nanos(190e6) };
    const exemplars = [
      observed('apiserver_request_duration_seconds', [0, 200_000]),
      filter('audit', [100, 200]),
      filter('authorization', [300, 400]),
      observed('apiserver_flowcontrol_request_execution_seconds', [250, 1900]),
    ];
    const [root, ...below] = told(rowsOf(exemplars, watch));
    assert.equal(root, `POST ${watch.path} < ${OURS} 0–200000 exact`.replace('POST', 'GET'));
    assert.equal(below.at(-1), `start of the stream (inferred) < GET ${watch.path} 400–1900 inferred`);
    assert.ok(!below.some((row) => row.startsWith('storage')));
  });

  test('have a handler where the server does not count the request: another one may have its storage', () => {
    const gauges = { ...create, method: 'GET', path: '/apis/metrics.test/v1/gauges', resource: 'gauges', status: 200 };
    const exemplars = [
      filter('audit', [100, 200]),
      filter('authorization', [300, 400]),
      observed('apiserver_flowcontrol_request_execution_seconds', [250, 9000]),
    ];
    assert.equal(told(rowsOf(exemplars, gauges)).at(-1), `handler (inferred) < GET ${gauges.path} 400–9000 inferred`);
  });

  test('begin with the first stage where the server counts no request', () => {
    const version = { ...create, method: 'GET', path: '/version', resource: null, status: 200 };
    const rows = rowsOf([filter('audit', [100, 200]), filter('authorization', [300, 400])], version);
    assert.deepEqual(told(rows)[0], `GET /version < ${OURS} 100–400 inferred`);
    assert.ok(!told(rows).some((row) => row.startsWith('authentication')));
  });

  test('do not exist where months lie between its exemplars', () => {
    const late = filter('audit', [10_000_000_000_000, 10_000_000_000_001]);
    assert.deepEqual(rowsOf([...CREATE, late]), []);
  });
});

suite('whether the server traces', () => {
  test('is known by the span that exemplars were observed in', () => {
    assert.equal(measured(read(CREATE), [create], TRACE).isUntraced, true);
    const byServer = CREATE.map((exemplar) => ({ ...exemplar, spanID: spanID('5e') }));
    const { isUntraced, rows } = measured(read(byServer), [create], TRACE);
    assert.equal(isUntraced, false);
    assert.equal(rows.get(create)?.length, rowsOf(CREATE).length);
  });

  test('leaves exemplars of other spans alone where several requests could have them', () => {
    const byServer = CREATE.map((exemplar) => ({ ...exemplar, spanID: spanID('5e') }));
    const second = { ...create, spanID: spanID('c2') };
    assert.equal(measured(read(byServer), [create, second], TRACE).rows.size, 0);
  });
});

suite('exemplars in spans of the server, of several requests', () => {
  const inServerSpans = (from: number): readonly Exemplar[] =>
    CREATE.map((exemplar, index) => ({
      ...exemplar,
      spanID: spanID(`5${index}`),
      time: epochNanos(exemplar.time + BigInt(from) * 1000n),
    }));
  const discovery = { ...create, purpose: 'discovery', spanID: spanID('d1'), resource: null } as const;
  const later = { ...create, startOffsetNanos: nanos(2e9), durationNanos: nanos(1e9) };

  test('are of the one about that resource, by the time that the server counts for it', () => {
    const before = filter('audit', [-900_000, -899_900], spanID('77'));
    const { rows } = measured(read([before, ...inServerSpans(0)]), [discovery, later], TRACE);
    assert.deepEqual([...rows.keys()], [later]);
    assert.equal(rows.get(later)?.length, rowsOf(CREATE).length);
  });

  test('are left out where another was under way, or is about the same resource', () => {
    const beside = { ...discovery, startOffsetNanos: nanos(2.5e9) };
    assert.equal(measured(read(inServerSpans(0)), [beside, later], TRACE).rows.size, 0);
    const same = { ...later, spanID: spanID('c3'), startOffsetNanos: nanos(9e9) };
    assert.equal(measured(read(inServerSpans(0)), [same, later], TRACE).rows.size, 0);
  });
});

suite('a proxy that puts its own span in the place of ours', () => {
  const inSpan = (of: (exemplar: Exemplar, index: number) => string): readonly Exemplar[] =>
    CREATE.map((exemplar, index) => ({ ...exemplar, spanID: spanID(of(exemplar, index)) }));

  test('is known by filters that were all observed in that span', () => {
    assert.equal(measured(read(inSpan(() => '9a')), [create], TRACE).replacedBy.get(create), spanID('9a'));
  });

  test('is no server that traces, which has a span for each filter', () => {
    const byServer = inSpan((_, index) => `5${index}`);
    assert.equal(measured(read(byServer), [create], TRACE).replacedBy.size, 0);
    assert.equal(measured(read(CREATE), [create], TRACE).replacedBy.size, 0);
  });
});

test('the priority level and the flow schema are known by name', () => {
  assert.deepEqual(measured(read(CREATE), [create], TRACE).flowControl.get(create), {
    priorityLevel: 'global-default',
    flowSchema: 'global-default',
  });
});

test('no exemplar is attributed to a request that it is not of, in whichever order they were overwritten', () => {
  const ids = ['c1', 'c2', 'c3'].map(spanID);
  const requests = ids.map((id) => ({ ...create, spanID: id }));
  const all = ids.flatMap((id, index) =>
    CREATE.map((exemplar) => ({
      ...exemplar,
      spanID: id,
      time: epochNanos(exemplar.time + BigInt(index) * 10n ** 9n),
    })),
  );
  fc.assert(
    fc.property(fc.shuffledSubarray(all), (left) => {
      const { rows } = measured(read(left), requests, TRACE);
      for (const [index, request] of requests.entries()) {
        const own = rows.get(request) ?? [];
        const second = BASE + BigInt(index) * 10n ** 9n;
        for (const { span } of own) {
          assert.ok(span.start >= second && span.end <= second + 704_000_000n, span.name);
        }
      }
    }),
  );
});
