import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { auditEventsIn } from '../../../../src/codec/audit/log.ts';

const ID = 'c6115119-0a1b-4c2d-8e3f-0123456789ab';
const OTHER = '00000000-0a1b-4c2d-8e3f-0123456789ab';

const MUTATION = 'mutation.webhook.admission.k8s.io/round_';
const ANNOTATIONS = {
  'apiserver.latency.k8s.io/total': '704.139ms',
  'apiserver.latency.k8s.io/mutating-webhook': '667.2ms',
  'apiserver.latency.k8s.io/apf-queue-wait': '58.156µs',
  'authorization.k8s.io/decision': 'allow',
  [`${MUTATION}1_index_0`]: '{"configuration":"b","webhook":"again.example.com","mutated":false}',
  [`${MUTATION}0_index_0`]: '{"configuration":"a","webhook":"slow.example.com","mutated":true}',
};
const event = (stage = 'ResponseComplete', auditID = ID) => ({
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  auditID,
  stage,
  requestReceivedTimestamp: '2026-11-29T08:28:51.520842Z',
  stageTimestamp: stage === 'RequestReceived' ? '2026-11-29T08:28:51.520842Z' : '2026-11-29T08:28:52.224981Z',
  annotations: ANNOTATIONS,
});

const lines = (...values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const found = (text: string) => auditEventsIn(Buffer.from(text), [ID]).get(ID);

const azure = {
  AuditId: ID,
  Stage: 'ResponseComplete',
  RequestReceivedTime: '2026-11-29T08:28:51.5208420Z',
  StageReceivedTime: '2026-11-29T08:28:52.2249810Z',
  Annotations: JSON.stringify(ANNOTATIONS),
};

suite('the event of a request is found in', () => {
  const texts: Readonly<Record<string, string>> = {
    'JSON lines': lines(event('RequestReceived'), event('ResponseStarted'), event(), event('ResponseComplete', OTHER)),
    'lines that are cut off': `${lines(event())}{"kind":"Event","auditID":"${ID}","stage":"Resp`,
    'a list of events on one line': lines({ kind: 'EventList', items: [event('RequestReceived'), event()] }),
    'a list of events on many lines': JSON.stringify({ kind: 'EventList', items: [event()] }, null, 2),
    'aws logs filter-log-events': JSON.stringify({ events: [{ message: JSON.stringify(event()) }] }, null, 2),
    'aws logs get-query-results': JSON.stringify({
      results: [
        [
          { field: '@message', value: JSON.stringify(event()) },
          { field: '@ptr', value: 'CmAK' },
        ],
      ],
    }),
    'aws logs tail': `2026-11-29T08:28:52 kube-apiserver-audit-0af7[1] ${lines(event())}`,
    'the table AKSAudit': JSON.stringify([azure], null, 2),
    'a diagnostic log of Azure': lines({ category: 'kube-audit', properties: { log: lines(event()) } }),
    'two kinds of texts in texts': lines({ records: [{ log: JSON.stringify({ message: JSON.stringify(event()) }) }] }),
  };
  for (const [title, text] of Object.entries(texts)) {
    test(title, () => {
      const { received, ended, latencies, mutating } = found(text) ?? {};
      assert.equal(Number((ended ?? 0n) - (received ?? 0n)), 704_139_000);
      assert.equal(latencies?.get('mutating-webhook'), 667_200_000);
      assert.equal(latencies.get('apf-queue-wait'), 58_156);
      assert.deepEqual(mutating, ['slow.example.com', 'again.example.com']);
    });
  }

  test('Cloud Logging, whose entries have one time: the total says when it ended', () => {
    const entry = {
      operation: { id: ID, producer: 'k8s.io' },
      timestamp: '2026-11-29T08:28:51.520842Z',
      labels: ANNOTATIONS,
    };
    const { received, ended } = found(JSON.stringify([entry])) ?? {};
    assert.equal(Number((ended ?? 0n) - (received ?? 0n)), 704_139_000);
    assert.equal(found(JSON.stringify([{ ...entry, labels: {} }])), undefined);
  });
});

suite('no event is found', () => {
  test('of another request, before its response, or with times that cannot be', () => {
    assert.equal(found(lines(event('ResponseComplete', OTHER))), undefined);
    assert.equal(found(lines(event('RequestReceived'))), undefined);
    for (const stageTimestamp of ['2026-11-29T08:28:50Z', 'yesterday', 5, null, '9999-12-31T23:59:59Z']) {
      assert.equal(found(lines({ ...event(), stageTimestamp })), undefined);
    }
    const early = '0001-01-01T00:00:00Z';
    assert.equal(found(lines({ ...event(), requestReceivedTimestamp: early, stageTimestamp: early })), undefined);
    const labels = { 'apiserver.latency.k8s.io/total': '99999999999h' };
    assert.equal(found(lines({ operation: { id: ID }, timestamp: event().stageTimestamp, labels })), undefined);
  });

  test('in what is no JSON, or nested ever deeper', () => {
    const deep = `${'['.repeat(100_000)}"${ID}"${']'.repeat(100_000)}`;
    const texts = Array.from({ length: 10 }).reduce<string>(
      (text) => JSON.stringify({ log: text }),
      `{"auditID":"${ID}"`,
    );
    for (const text of ['', ID, `<html>${ID}{</html>`, deep, texts]) {
      assert.equal(found(text), undefined);
    }
  });

  test('and nothing is thrown, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat({ max: 400 }), fc.string(), (json, cut, text) => {
        auditEventsIn(Buffer.from(`${ID} ${json}\n${lines(event()).slice(0, cut)}${text}${ID}`), [ID, '']);
      }),
    );
  });
});
