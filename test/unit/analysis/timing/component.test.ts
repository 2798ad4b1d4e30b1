import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyse } from '../../../../src/analysis/analyse.ts';
import { components } from '../../../../src/analysis/timing/component.ts';
import { componentParts } from '../../../../src/analysis/timing/component-parts.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import type { Trace } from '../../../../src/trace/trace.ts';
import { drawSpans, drawTrace } from '../../../support/draw-trace.ts';

/** `name component`, in the trace's order. Names cannot hold blanks in a drawing: `_` stands for one. */
function draw(picture: string): Trace {
  const spans = drawSpans(picture).map((one) => ({ ...one, name: one.name.replaceAll('_', ' ') }));
  return buildTrace(spans.map((span) => ({ span, source: 'span', inferred: false }))) as Trace;
}
const of = (trace: Trace): string[] => {
  const byIndex = components(trace);
  return trace.spans.map(({ span }, index) => `${span.name}: ${byIndex[index]}`);
};

test('known services are components, all others are "other"', () => {
  assert.deepEqual(
    of(
      drawTrace(`
        a@kubectl-trace |---------|
          b@apiserver   |--------|
          c@etcd        |-------|
          d@kubelet     |------|
          e@containerd  |-----|
          f@my-app      |----|
      `),
    ),
    ['a: client', 'b: apiserver', 'c: etcd', 'd: kubelet', 'e: runtime', 'f: other'],
  );
});

test('the way between two servers is no measured network', () => {
  assert.deepEqual(
    of(
      drawTrace(`
        Get@apiserver                            |---------------------|
          Range@apiserver:client                   |----------|
            Range@etcd:server                         |----|
          etcdserverpb.KV/Txn@apiserver:client                   |-|
          Check@apiserver:client                                    |-|
      `),
    ),
    ['Get: apiserver', 'Range: etcd', 'Range: etcd', 'etcdserverpb.KV/Txn: etcd', 'Check: apiserver'],
  );
  assert.deepEqual(
    of(
      drawTrace(`
        sync@kubelet                       |---------------------|
          Run@kubelet:client                 |-----|
            Run@containerd:server              |--|
          PATCH@kubelet:client                       |-------|
            PATCH@apiserver:server                     |---|
      `),
    ),
    ['sync: kubelet', 'Run: runtime', 'Run: runtime', 'PATCH: network-or-gateway', 'PATCH: apiserver'],
  );
});

test('no part claims more than is known of a call', () => {
  const trace = draw(`
    sync@shop                                  |---------------------------------------------------------------|
      List@apiserver                             |-----------------------|
        etcdserverpb.KV/Range@apiserver:client    |--------|
          etcdserverpb.KV/Range@etcd:server           |---|
        etcdserverpb.KV/Txn@apiserver:client                  |----|
      Call_mutating_webhook@apiserver                                       |------------|
        HTTP_POST@apiserver:client                                          |------------|
          admit@hook:server                                                     |----|
            HTTP_GET@hook:client                                                |---|
              GET@db:server                                                      |-|
      PAY@shop:client                                                                        |-------|
        PAY@bank:server                                                                         |--|
  `);
  const parts = analyse(trace).componentTimes.map(
    (time) => [time.component, componentParts(time).map(({ name, nanos }) => `${name} ${nanos}`)] as const,
  );
  assert.deepEqual(Object.fromEntries(parts), {
    other: ['shop sync 19', 'bank PAY 3'],
    apiserver: ['List 10'],
    etcd: ['to etcd and back (inferred) 5', 'KV/Txn, to etcd and back 5', 'KV/Range 4'],
    webhook: [
      'to apiserver Call mutating webhook and back (inferred) 8',
      'to db and back (inferred) 2',
      'db GET 2',
      'hook admit 1',
    ],
    'network-or-gateway': ['to bank and back (inferred) 5'],
  });
});

test('webhook time is the request to it; preparing the call counts as API server', () => {
  assert.deepEqual(
    of(
      draw(`
        Create@apiserver                     |---------------|
          Call_mutating_webhook@apiserver      |----------|
            HTTP_POST@apiserver:client           |------|
              handle@my-webhook:server             |--|
                query@my-webhook                    ||
      `),
    ),
    [
      'Create: apiserver',
      'Call mutating webhook: apiserver',
      'HTTP POST: webhook',
      'handle: webhook',
      'query: webhook',
    ],
  );
});

test('a webhook without spans is timed by the request to it, or else by the call', () => {
  assert.deepEqual(
    of(
      draw(`
        Create@apiserver                     |---------------|
          Call_mutating_webhook@apiserver      |---|
            HTTP_POST@apiserver:client           ||
          Call_validating_webhook@apiserver         |---|
      `),
    ),
    ['Create: apiserver', 'Call mutating webhook: apiserver', 'HTTP POST: webhook', 'Call validating webhook: webhook'],
  );
});

test('so is an authorization webhook, which metrics show by its name', () => {
  assert.deepEqual(
    of(
      draw(`
        GET@apiserver                              |-----------------------|
          authorization@apiserver                  |---------------|
            authorization_webhook_cloud@apiserver    |----------|
              HTTP_POST@apiserver:client               |------|
          authorization@apiserver                                    |----|
            authorization_webhook@apiserver                           |--|
      `),
    ),
    [
      'GET: apiserver',
      'authorization: apiserver',
      'authorization webhook cloud: apiserver',
      'HTTP POST: webhook',
      'authorization: apiserver',
      'authorization webhook: webhook',
    ],
  );
});

test('component times are sorted by size and list their parts', () => {
  const { componentTimes } = analyse(
    draw(`
      List@apiserver                       |-------------------|
        etcdserverpb.KV/Range@apiserver:client |--------|
          etcdserverpb.KV/Range@etcd:server      |----|
        SerializeObject@apiserver                       |---|
        cacher.Get@apiserver                                |-|
    `),
  );
  assert.deepEqual(
    componentTimes.map(({ component, nanos, share }) => [component, nanos, share]),
    [
      ['apiserver', 11, 0.55],
      ['etcd', 9, 0.45],
    ],
  );
  assert.deepEqual(
    componentTimes.map((time) => componentParts(time).map(({ name, nanos }) => `${name} ${nanos}`)),
    [
      ['List 5', 'SerializeObject 4', 'cacher.Get 2'],
      ['KV/Range 5', 'to etcd and back (inferred) 4'],
    ],
  );
});

test('filters are one part of a component, and a webhook is identified by its name', () => {
  const spans = drawSpans(`
    GET@apiserver:server               |----------------|
      audit@apiserver                  |----------------|
        authorization@apiserver          |-----------|
          Call@apiserver                     |----|
            POST@apiserver:client            |----|
  `).map((one) =>
    one.name === 'Call'
      ? { ...one, name: 'Call mutating webhook', attributes: { webhook: 'sidecar.example.com' } }
      : one,
  );
  const trace = buildTrace(spans.map((span) => ({ span, source: 'span', inferred: false }))) as Trace;
  assert.deepEqual(
    analyse(trace).componentTimes.map((time) => componentParts(time)),
    [[{ name: 'filters', nanos: 12 }], [{ name: 'sidecar.example.com', nanos: 5 }]],
  );
});

test('a handler without spans is not counted as filters', () => {
  const trace = draw(`
    GET@apiserver:server               |----------------|
      audit@apiserver                    |-----------|
        authorization@apiserver            |-------|
  `);
  assert.deepEqual(
    analyse(trace).componentTimes.map((time) => componentParts(time)),
    [
      [
        { name: 'authorization or handler', nanos: 8 },
        { name: 'GET', nanos: 5 },
        { name: 'filters', nanos: 4 },
      ],
    ],
  );
});
