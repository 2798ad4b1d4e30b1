import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { loggedTimesIn, type LoggedTimes } from '../../../../src/codec/apiserver-log/log.ts';

const ID = 'c6115119-0a1b-4c2d-8e3f-0123456789ab';
const OTHER = '00000000-0a1b-4c2d-8e3f-0123456789ab';

const http = (auditID = ID): string =>
  `I1129 08:28:51.822123   28878 httplog.go:135] "HTTP" verb="POST" URI="/api/v1/x?a=\\"b\\"" latency="688.1ms" userAgent="me \\"x\\"" audit-ID="${auditID}" srcIP="127.0.0.1:1" apf_pl="global-default" apf_fs="service-accounts" apf_iseats=1 resp=201`;

const block = (auditID = ID, number = 589133402): string[] => [
  `I1129 08:28:51.821658   28878 trace.go:236] Trace[${number}]: "Update" accept:application/json, */*,audit-id:${auditID},client:127.0.0.1,api-group:apps,resource:deployments,verb:PUT (29-Nov-2026 08:28:51.134) (total time: 687ms):`,
  `Trace[${number}]: ["GuaranteedUpdate etcd3" audit-id:${auditID},key:/deployments/default/web,type:*apps.Deployment 600ms (08:28:51.140)`,
  `Trace[${number}]:  ---"About to Encode" 550ms (08:28:51.690)`,
  `Trace[${number}]:  ---"Txn call completed" 50ms (08:28:51.740)]`,
  `Trace[${number}]: ["SerializeObject" method:PUT,url:/apis/apps/v1 81ms (08:28:51.740)`,
  `Trace[${number}]:  ["Write" 80ms (08:28:51.741)]]`,
  `Trace[${number}]: [687.134436ms] [687.134436ms] END`,
];

const found = (text: string): LoggedTimes | undefined => loggedTimesIn(Buffer.from(text), [ID]).get(ID);
const lines = (...text: readonly string[]): string => `${text.join('\n')}\n`;
const entry = (value: unknown): string => JSON.stringify(value);

const namesOf = (items: NonNullable<LoggedTimes['trace']>['items']): unknown =>
  items.map(({ name, items: inner }) => (inner.length === 0 ? name : [name, namesOf(inner)]));

const STEPS = [
  ['GuaranteedUpdate etcd3', ['About to Encode', 'Txn call completed']],
  ['SerializeObject', ['Write']],
];

suite('a request in the log of an API server, as', () => {
  const message = block().join('\n').slice(block()[0]!.indexOf('Trace['));
  const texts: Readonly<Record<string, string>> = {
    text: lines(http(OTHER), ...block(), http()),
    'text between the blocks of others': lines(...block(OTHER, 1), ...block(), http(), ...block(OTHER, 2)),
    'text of kubectl logs --prefix': lines(...[...block(), http()].map((line) => `[pod/kube-apiserver-n1] ${line}`)),
    'text with the endings of Windows': [...block(), http()].join('\r\n'),
    JSON: lines(
      entry({ ts: 1795940931821.6, caller: 'trace/trace.go:236', msg: `${message}\n`, v: 0 }),
      entry({ ts: 1795940931822.1, msg: 'HTTP', latency: '688.1ms', 'audit-ID': ID, apf_pl: 'global-default' }),
    ),
    'aws logs tail': lines(...[...block(), http()].map((line) => `2026-11-29T08:28:51 kube-apiserver-0af7 ${line}`)),
    'aws logs filter-log-events, an event for each line': JSON.stringify(
      { events: [...block(), http()].map((one) => ({ message: one, logStreamName: 'kube-apiserver-0af7' })) },
      null,
      2,
    ),
    'Cloud Logging': JSON.stringify([{ textPayload: block().join('\n') }, { textPayload: http() }], null, 2),
    'Azure, a line for each entry': lines(...[...block(), http()].map((log) => entry({ properties: { log } }))),
  };
  for (const [title, text] of Object.entries(texts)) {
    test(title, () => {
      const times = found(text);
      assert.deepEqual([times?.http?.latency, times?.http?.priorityLevel], [688_100_000, 'global-default']);
      const { trace } = times ?? {};
      assert.deepEqual([trace?.name, trace?.took], ['Update', 687_134_436]);
      assert.equal(trace?.localMillis, Date.UTC(2026, 10, 29, 8, 28, 51, 134));
      assert.equal(trace.fields['accept'], 'application/json, */*');
      assert.deepEqual(namesOf(trace.items), STEPS);
      assert.equal(trace.items[0]?.fields['key'], '/deployments/default/web');
    });
  }

  test('a line of each request alone, at verbosity 3', () => {
    const times = found(lines(http()));
    assert.equal(times?.trace, undefined);
    assert.equal(times?.http?.flowSchema, 'service-accounts');
    assert.equal(Math.round((times.http.endMillis % 1000) * 1000), 822_123);
  });

  test('a block alone, without its last line to the millisecond', () => {
    const times = found(lines(...block().slice(0, -1)));
    assert.deepEqual([times?.http, times?.trace?.took], [undefined, 687_000_000]);
  });
});

suite('nothing is found', () => {
  test('with times that cannot be', () => {
    const logged = { msg: 'HTTP', latency: '4s', 'audit-ID': ID };
    for (const ts of [0, -1, 1e18, 3999]) assert.equal(found(entry({ ...logged, ts })), undefined, String(ts));
    assert.ok(found(entry({ ...logged, ts: 4000 })) !== undefined);
    assert.equal(found(entry({ ...logged, ts: 1795940931822, latency: '9999h' })), undefined);
  });

  test('of another request, or in what is no log', () => {
    assert.equal(found(lines(...block(OTHER), http(OTHER))), undefined);
    assert.equal(found(`${ID}\n{"msg":"HTTP","audit-ID":"${ID}"}\nTrace[1]: ${ID}\n`), undefined);
    assert.equal(found(http().replace('688.1ms', 'soon')), undefined);
  });

  test('and nothing is thrown, whatever the bytes are', () => {
    const parts = [
      ...block(),
      http(),
      ID,
      'Trace[589133402]: ',
      '[',
      ']',
      '"',
      '\n',
      '{"msg":"',
      ' 5ms (08:28:51.740)',
    ];
    const noise = fc.oneof(fc.constantFrom(...parts), fc.string({ maxLength: 20 }));
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 60 }), (all) => {
        for (const text of [all.join(''), all.join('\n')]) loggedTimesIn(Buffer.from(text), [ID]);
      }),
    );
  });
});

test('a request is found in an export of 200,000 entries in one list', () => {
  const others = Array.from({ length: 200_000 }, () => 'another line');
  assert.ok(found(entry({ entries: [...others, http()] }))?.http);
});
