import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import type { TestCluster } from '../cluster/cluster.ts';

const AT_ONCE = 4;

/** Sends requests of one kind as other clients do: each with its own trace context, sampled or not. */
export async function sendOthers(
  cluster: TestCluster,
  path: string,
  { count, isSampled }: { readonly count: number; readonly isSampled: boolean },
): Promise<void> {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: AT_ONCE,
    ca: await readFile(cluster.certificateAuthority, 'utf8'),
  });
  const sendOne = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
      const traceparent = `00-${hex(16)}-${hex(8)}-0${isSampled ? 1 : 0}`;
      const headers = { authorization: `Bearer ${cluster.token('admin')}`, traceparent };
      const call = request(new URL(path, cluster.server), { agent, headers }, (response) => {
        response.on('end', resolve).on('error', reject).resume();
      });
      call.on('error', reject).end();
    });
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await sendOne();
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  } finally {
    agent.destroy();
  }
}
