import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { suite, test, type TestContext } from 'node:test';
import { openCluster } from '../../../src/kube/cluster.ts';
import type { Cluster, KubeRequest, StreamEnd } from '../../../src/kube/http/exchange.ts';
import { get } from '../../../src/kube/api/request.ts';
import { nanos } from '../../../src/trace/time.ts';
import { serve as serveHTTP } from '../../support/http-server.ts';
import { newContext, send, testRuntime } from './fixture.ts';
import { folderOf } from './folder.ts';

const watch = (streamEnd: StreamEnd): KubeRequest => ({ ...get('request', '/watch', 'application/json'), streamEnd });

/** A server whose response begins with `text` and never ends. */
async function serve(context: TestContext, text: string, then: (response: ServerResponse) => void = () => {}) {
  const server = await serveHTTP(context, (_, response) => {
    response.write(text);
    then(response);
  });
  const folder = await folderOf(context, { empty: '' });
  const flags = { kubeconfig: `${folder}/empty`, server: server.url };
  const cluster: Cluster = await openCluster(flags, testRuntime(), '1.2.3');
  context.after(() => cluster.close());
  return cluster;
}

const text = (body: Uint8Array): string => Buffer.from(body).toString('utf8');

suite('a stream is left', () => {
  test('after this many lines; later ones are dropped', async (context) => {
    const { status, error, body } = await send(await serve(context, 'one\ntwo\nthree\n'), watch({ lines: 2 }));
    assert.deepEqual([status, error, text(body)], [200, null, 'one\ntwo\n']);
  });

  test('when the last line comes in pieces', async (context) => {
    const pieces = async (response: ServerResponse): Promise<void> => {
      for (const piece of ['o', '\nthr', 'ee\nfour']) {
        await new Promise((resolve) => response.write(piece, resolve));
      }
    };
    const cluster = await serve(context, 'one\ntw', (response) => void pieces(response));
    const { error, body } = await send(cluster, watch({ lines: 3 }));
    assert.deepEqual([error, text(body)], [null, 'one\ntwo\nthree\n']);
  });

  test('after a time, with what has come by then', async (context) => {
    const cluster = await serve(context, 'one\n');
    const { error, body } = await send(cluster, watch({ lines: 2, nanos: nanos(150e6) }));
    assert.deepEqual([error, text(body)], [null, 'one\n']);
  });

  test('when the server ends it', async (context) => {
    const cluster = await serve(context, 'one\n', (response) => response.end());
    const { error, body } = await send(cluster, watch({ lines: 2, nanos: nanos(3600e9) }));
    assert.deepEqual([error, text(body)], [null, 'one\n']);
  });

  test('when the user interrupts it, with what has come by then', async (context) => {
    const interruption = new AbortController();
    const abort = (response: ServerResponse): void => void response.write('tw', () => interruption.abort());
    const cluster = await serve(context, 'one\n', abort);
    const { status, error, body } = await cluster.send(watch({ lines: 2 }), newContext(), interruption.signal);
    // What was written need not have been read.
    if (status === null) assert.equal(error?.reason, 'Interrupted');
    else {
      assert.equal(error, null);
      assert.ok('one\ntw'.startsWith(text(body)));
    }
  });
});

test('a stream that breaks is an error, and not an end', async (context) => {
  const cluster = await serve(context, 'one\n', (response) => setImmediate(() => response.destroy()));
  const { error } = await send(cluster, watch({ lines: 2 }));
  assert.notEqual(error, null);
});
