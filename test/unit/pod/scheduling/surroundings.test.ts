import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { demandOf } from '../../../../src/pod/scheduling/demand.ts';
import { holdersOf, neighborsOf, repelled, repelling } from '../../../../src/pod/scheduling/neighbors.ts';
import { readPreemption } from '../../../../src/pod/scheduling/preemption.ts';
import { quantityOf, requestsOf } from '../../../../src/pod/scheduling/quantity.ts';
import { selects, selectorWords } from '../../../../src/pod/scheduling/selector.ts';
import { argument } from '../../../../src/pod/scheduling/words.ts';

suite('quantities', () => {
  const amounts: readonly (readonly [string | number, number | undefined])[] = [
    ['250m', 0.25],
    ['2', 2],
    [4, 4],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['128974848', 128974848],
    ['129e6', 129e6],
    ['1Ei', 2 ** 60],
    ['1E', 1e18],
    ['100k', 1e5],
    ['-1', -1],
    ['.5', 0.5],
    ['', undefined],
    ['abc', undefined],
    ['1e3Ki', undefined],
  ];
  for (const [text, amount] of amounts) test(`${text} is ${amount}`, () => assert.equal(quantityOf(text), amount));

  test('init containers and sidecars count as in the scheduler', () => {
    const cpu = (value: string, more = {}) => ({ resources: { requests: { cpu: value } }, ...more });
    const spec = {
      initContainers: [cpu('1', { restartPolicy: 'Always' }), cpu('3'), cpu('500m', { restartPolicy: 'Always' })],
      containers: [cpu('1')],
      overhead: { cpu: '250m' },
    };
    // Sidecars 1.5 and the container 1 make 2.5; the init container runs beside the first sidecar alone: 3 + 1.
    assert.equal(requestsOf(spec).get('cpu'), 4.25);
    assert.equal(requestsOf({ ...spec, resources: { requests: { cpu: '6' } } }).get('cpu'), 6.25);
  });
});

suite('label selectors', () => {
  const expression = (operator: string, ...values: string[]) => ({
    matchExpressions: [{ key: 'tier', operator, values }],
  });
  const cases: readonly (readonly [object, Record<string, string>, boolean])[] = [
    [{}, {}, true],
    [{ matchLabels: { app: 'web' } }, { app: 'web', x: 'y' }, true],
    [{ matchLabels: { app: 'web' } }, { app: 'db' }, false],
    [expression('In', 'a', 'b'), { tier: 'b' }, true],
    [expression('In', 'a'), {}, false],
    [expression('NotIn', 'a'), {}, true],
    [expression('NotIn', 'a'), { tier: 'a' }, false],
    [expression('Exists'), { tier: '' }, true],
    [expression('DoesNotExist'), { tier: 'a' }, false],
    [expression('Near', 'a'), { tier: 'a' }, false],
  ];
  for (const [selector, labels, matches] of cases)
    test(`${JSON.stringify(selector)} ${matches ? 'selects' : 'does not select'} ${JSON.stringify(labels)}`, () =>
      assert.equal(selects(selector as never, labels), matches));

  test('are written in the syntax of kubectl -l', () => {
    assert.equal(
      selectorWords({ matchLabels: { app: 'web' }, ...expression('NotIn', 'a', 'b') }),
      'app=web,tier notin (a,b)',
    );
    assert.equal(selectorWords(expression('DoesNotExist')), '!tier');
  });
});

suite('blocking pods', () => {
  const ports = (hostPort: number, more = {}) => [{ ports: [{ hostPort, ...more }] }];
  const placed = (name: string, spec: object, more: object = {}, labels = {}) => ({
    metadata: { name, namespace: 'shop', labels },
    spec: { nodeName: 'wk-1', ...spec },
    status: { phase: 'Running', ...more },
  });
  const names = (pods: readonly { readonly name: string }[]) => pods.map(({ name }) => name);

  test('hold the same port, protocol and address until they end', () => {
    const pods = neighborsOf([
      placed('same', { containers: ports(80) }),
      placed('init', { initContainers: ports(80) }),
      placed('udp', { containers: ports(80, { protocol: 'UDP' }) }),
      placed('other-address', { containers: ports(80, { hostIP: '10.0.0.2' }) }),
      placed('ended', { containers: ports(80) }, { phase: 'Succeeded' }),
      placed('waiting', { containers: ports(80), nodeName: undefined }),
      placed('other-port', { containers: ports(8080) }),
    ]);
    const wanted = (address?: string) =>
      demandOf({ spec: { containers: ports(80, address === undefined ? {} : { hostIP: address }) } });
    assert.deepEqual(names(holdersOf(wanted().hostPorts, pods)), ['same', 'init', 'other-address']);
    assert.deepEqual(names(holdersOf(wanted('10.0.0.3').hostPorts, pods)), ['same', 'init']);
  });

  const term = (labelSelector: unknown, more = {}) => ({
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: 'zone', ...more }],
      },
    },
  });

  test('match the anti-affinity of the pod, in its namespace or in those of the term', () => {
    const pods = neighborsOf([
      placed('match', {}, {}, { app: 'web' }),
      placed('other', {}, {}, { app: 'db' }),
      { ...placed('far', {}, {}, { app: 'web' }), metadata: { name: 'far', namespace: 'lab', labels: { app: 'web' } } },
    ]);
    const selector = { matchLabels: { app: 'web' } };
    const against = (more?: object) => names(repelled(demandOf({ spec: term(selector, more) }), 'shop', pods));
    assert.deepEqual(against(), ['match']);
    assert.deepEqual(against({ namespaces: ['lab'] }), ['far']);
    assert.deepEqual(against({ namespaceSelector: {} }), ['match', 'far']);
    assert.deepEqual(names(repelled(demandOf({ spec: term(undefined) }), 'shop', pods)), []);
  });

  test('have an anti-affinity that matches the pod', () => {
    const pods = neighborsOf([
      placed('keeps-away', term({ matchLabels: { app: 'web' } })),
      placed('does-not', term({ matchLabels: { app: 'db' } })),
      placed('no-rule', {}),
    ]);
    assert.deepEqual(names(repelling({ labels: { app: 'web' } }, 'shop', pods)), ['keeps-away']);
    assert.deepEqual(names(repelling({ labels: { app: 'web' } }, 'lab', pods)), []);
  });
});

suite('preemption', () => {
  test('under way is distinguished from no victims', () => {
    assert.equal(readPreemption('not eligible due to a terminating pod on the nominated node')?.isUnderWay, true);
    assert.equal(
      readPreemption('0/1 nodes are available: 1 No preemption victims found for incoming pod')?.isUnderWay,
      false,
    );
  });
  test('with unknown wording is ignored', () => {
    assert.equal(readPreemption('3 pods asked politely'), undefined);
    assert.equal(readPreemption(undefined), undefined);
  });
});

test('only valid Kubernetes names become arguments of commands', () => {
  for (const name of ['data', 'web-0', 'a.b.c', 'x'.repeat(253)]) assert.equal(argument(name), name);
  for (const name of ['', '-n', 'a b', 'a;rm', '$(id)', 'a\nb', 'x'.repeat(254), "a'b", 'UPPER'])
    assert.equal(argument(name), undefined);
});
