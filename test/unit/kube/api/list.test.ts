import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { sendList } from '../../../../src/commands/get/list.ts';
import type { TraceCommandError } from '../../../../src/errors.ts';
import { isListed, readList } from '../../../../src/kube/api/list.ts';
import { get } from '../../../../src/kube/api/request.ts';
import type { ResourceType } from '../../../../src/kube/api/resource-type.ts';
import type { Exchange, KubeRequest } from '../../../../src/kube/http/exchange.ts';
import type { Sending } from '../../../../src/tracing/session.ts';

const FIRST: KubeRequest = { ...get('request', '/api/v1/pods', 'application/json'), query: [['limit', '500']] };
const PODS = { resource: 'pods' } as ResourceType;

/** A server that always names a next part; each has `bytes`, and came as `responseBytes`. */
function endless(
  bytes: number,
  responseBytes = bytes,
): { readonly send: (request: KubeRequest) => Promise<Exchange>; parts: number } {
  const part = Buffer.from(`{"items":[{}],"metadata":{"continue":"more"}}`.padEnd(bytes));
  const server = {
    parts: 0,
    send: async (request: KubeRequest) => {
      server.parts++;
      return { request, status: 200, body: part, responseBytes } as unknown as Exchange;
    },
  };
  return server;
}

suite('an endless list', () => {
  const sendingTo = ({ send }: ReturnType<typeof endless>): Sending => ({ recorder: { send } }) as unknown as Sending;

  const MIB = 1024 * 1024;
  for (const [parts, bytes, responseBytes, bound, most] of [
    ['large', 30 * MIB, 30 * MIB, '192 MiB', 7],
    ['compressed', 30 * MIB, 30_000, '66.7 MiB', 3],
    ['small', 50, 50, '10000 parts', 10_000],
  ] as const) {
    test(`of ${parts} parts is given up at its bound`, async () => {
      const server = endless(bytes, responseBytes);
      await assert.rejects(sendList(FIRST, PODS, sendingTo(server)), (error: TraceCommandError) => {
        assert.equal(error.exitCode, 1);
        assert.equal(error.reason, 'ResponseTooLarge');
        assert.equal(error.message, `the list of pods is larger than the bound of ${bound}, and the server has more`);
        assert.match(error.hint ?? '', /namespace/);
        return true;
      });
      assert.equal(server.parts, most);
    });
  }

  test('is cut off where only some of it is wanted', async () => {
    const server = endless(30 * MIB);
    const answer = await readList(FIRST, server.send, 10);
    assert.ok(isListed(answer) && answer.cut);
    assert.equal(server.parts, 7);
  });
});

test('a part may have more objects than a call has arguments', async () => {
  const body = Buffer.from(`{"items":[${'{},'.repeat(299_999)}{}]}`);
  const answer = await readList(
    FIRST,
    async (request) => ({ request, status: 200, body, responseBytes: body.length }) as unknown as Exchange,
    1,
  );
  assert.equal(isListed(answer) && answer.items.length, 300_000);
});
