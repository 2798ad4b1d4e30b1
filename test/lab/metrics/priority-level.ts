import { setTimeout as sleep } from 'node:timers/promises';
import type { Scene } from './scene.ts';

const API = '/apis/flowcontrol.apiserver.k8s.io/v1';
const SECRETS = '/api/v1/namespaces/default/secrets?dryRun=All';

/** Gives everything that user "monitoring" does with resources a priority level with one seat, and with a queue. */
export async function makeNarrow({ cluster }: Scene): Promise<void> {
  const queuing = { queues: 1, handSize: 1, queueLengthLimit: 50 };
  const limited = {
    nominalConcurrencyShares: 1,
    lendablePercent: 0,
    borrowingLimitPercent: 0,
    limitResponse: { type: 'Queue', queuing },
  };
  const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] };
  const subject = { kind: 'User', user: { name: 'monitoring' } };
  const objects = [
    ['prioritylevelconfigurations', 'PriorityLevelConfiguration', { type: 'Limited', limited }],
    [
      'flowschemas',
      'FlowSchema',
      {
        matchingPrecedence: 10,
        priorityLevelConfiguration: { name: 'narrow' },
        rules: [{ subjects: [subject], resourceRules: [everything] }],
      },
    ],
  ] as const;
  for (const [resource, kind, spec] of objects) {
    const body = { apiVersion: 'flowcontrol.apiserver.k8s.io/v1', kind, metadata: { name: 'narrow' }, spec };
    await cluster.call('POST', `${API}/${resource}`, { body });
  }
  const { body } = await cluster.call('GET', `${API}/prioritylevelconfigurations/narrow`);
  const { uid } = (JSON.parse(body) as { metadata: { uid: string } }).metadata;
  for (let attempt = 0; attempt < 100; attempt++) {
    const { headers } = await cluster.call('GET', '/api/v1/namespaces/default', { user: 'monitoring' });
    if (headers['x-kubernetes-pf-prioritylevel-uid'] === uid) return;
    await sleep(50);
  }
  throw new Error('the API server does not know the priority level');
}

/**
 * Holds the seat meanwhile by creates that a slow webhook is called for. One more of them is always in the queue: a
 * request that comes waits for the length of one at least.
 */
export async function whileFull<Result>({ cluster }: Scene, act: () => Promise<Result>): Promise<Result> {
  const over = new AbortController();
  const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'holding' } };
  const hold = async (): Promise<void> => {
    while (!over.signal.aborted) await cluster.call('POST', SECRETS, { body, user: 'monitoring' });
  };
  const holding = [hold(), hold()];
  try {
    return await act();
  } finally {
    over.abort();
    await Promise.all(holding);
  }
}
