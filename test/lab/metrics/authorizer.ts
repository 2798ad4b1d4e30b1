import { startReviewServer } from '../../support/review-server.ts';
import { Scene } from './scene.ts';
import { runCompared, judged, type Truth } from './truths.ts';

const SLEEP_MILLIS = 600;
const RBAC = '/apis/rbac.authorization.k8s.io/v1';

/** As docs/without-tracing.md has it: a user who may read the metrics, and do nothing else. */
const ROLE = {
  metadata: { name: 'metrics-reader' },
  rules: [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }],
};
const BINDING = {
  metadata: { name: 'metrics-reader' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'metrics-reader' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'nobody' }],
};

/** On a cluster whose authorizer of last resort is a webhook. */
export const authorizationTruth: Truth = {
  name: 'authorization-600ms',
  says: 'a slow authorization webhook is the first finding, and has its own row',
  run: async (scene) => {
    const path = `/api/v1/namespaces/kube-system/configmaps/reviewed-${Date.now()}`;
    const { document, reported, compared } = await runCompared(scene, ['get', '--raw', path, '--context', 'nobody']);
    const [finding] = document.summary?.findings ?? [];
    const row = document.trace?.spans.find(({ name }) => name.startsWith('authorization webhook'));
    const webhook = document.summary?.components.find(({ component }) => component === 'webhook');
    return judged(reported, compared, {
      'its first finding is another one': finding?.id === 'slow-authorization',
      'the finding is shorter': (finding?.nanos ?? 0) >= SLEEP_MILLIS * 1e6,
      'the webhook has no row': (row?.durationNanos ?? 0) >= SLEEP_MILLIS * 1e6,
      "the time is not the webhook's": (webhook?.nanos ?? 0) >= SLEEP_MILLIS * 1e6,
    });
  },
};

/** A cluster of one version with such a webhook. */
export async function withAuthorizer<Result>(
  kubernetes: string,
  signal: AbortSignal,
  act: (scene: Scene) => Promise<Result>,
): Promise<Result> {
  const reviews = await startReviewServer(SLEEP_MILLIS);
  try {
    const scene = await Scene.start(kubernetes, signal, { apiserverArgs: reviews.apiserverArgs });
    try {
      await scene.until(201, 'POST', `${RBAC}/clusterroles`, ROLE);
      await scene.until(201, 'POST', `${RBAC}/clusterrolebindings`, BINDING);
      return await act(scene);
    } finally {
      await scene.stop();
    }
  } finally {
    await reviews.stop();
  }
}
