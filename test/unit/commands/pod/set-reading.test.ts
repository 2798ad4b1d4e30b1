import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { PodReader } from '../../../../src/commands/pod/reader.ts';
import { readSet } from '../../../../src/commands/pod/set/read-set.ts';
import type { Exchange, KubeRequest } from '../../../../src/kube/http/exchange.ts';
import { nanosFromMillis } from '../../../../src/trace/time.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { manyPods } from '../../../support/many-pods.ts';
import { answer } from '../../../support/object-server.ts';

type Change = (request: KubeRequest) => { readonly status: number; readonly body: object } | undefined;

/** Reads all pods of a server that responds to some requests in another way. */
async function readAll(total: number, change: Change = () => undefined) {
  const objects = manyPods(total);
  const requests: string[] = [];
  const send = async (request: KubeRequest): Promise<Exchange> => {
    const url = `${request.path}?${new URLSearchParams(request.query.map(([name, value]) => [name, value])).toString()}`;
    requests.push(url);
    const changed = change(request);
    const { code, body } = answer({ objects }, { url });
    const text = changed === undefined ? body : JSON.stringify(changed.body);
    const status = changed?.status ?? code;
    return {
      request,
      status,
      headers: {},
      body: Buffer.from(text),
      responseBytes: text.length,
      error: null,
      phases: {},
    } as unknown as Exchange;
  };
  const reader = new PodReader(send, 'lab');
  const clock = new FakeClock();
  const source = { namespace: null, isNamed: false };
  const reading = await readSet(source, reader, { clock, untilStuck: nanosFromMillis(60_000) });
  return { reading, requests, gaps: reader.gaps };
}

const isPage = ({ path, query }: KubeRequest): boolean =>
  path === '/api/v1/pods' && query.some(([name]) => name === 'continue');

suite('reading many pods', () => {
  test('20,000 pods take no more requests than 5,000: the pages are larger', async () => {
    const { reading, requests } = await readAll(20_000);
    assert.equal(reading.total, 20_000);
    assert.ok(requests.length <= 20, requests.join('\n'));
  });

  test('a list that ends in the middle (410 Expired) is judged as far as it was read, with a note', async () => {
    const expired = {
      kind: 'Status',
      status: 'Failure',
      reason: 'Expired',
      code: 410,
      message: 'The provided continue parameter is too old',
    };
    const { reading, gaps } = await readAll(2000, (request) =>
      isPage(request) ? { status: 410, body: expired } : undefined,
    );
    assert.equal(reading.total, 500);
    const [gap] = gaps;
    assert.equal(gap?.what, 'pods');
    assert.match(gap?.why ?? '', /^only the first 500: .*too old/);
  });

  test('nodes that this user may not list are a note, and no pod counts as one of a lost node', async () => {
    const refused = {
      kind: 'Status',
      status: 'Failure',
      reason: 'Forbidden',
      code: 403,
      message: 'nodes is forbidden',
    };
    const { reading, gaps } = await readAll(600, ({ path }) =>
      path.startsWith('/api/v1/nodes') ? { status: 403, body: refused } : undefined,
    );
    assert.equal(reading.pods.filter(({ verdict }) => verdict.reason === 'KubeletSilent').length, 0);
    assert.ok(gaps.some(({ what }) => what === 'the nodes'));
  });
});
