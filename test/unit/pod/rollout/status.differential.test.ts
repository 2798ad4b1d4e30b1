import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { run } from '../../../../src/run.ts';
import { sharedCluster } from '../../../lab/cluster/shared.ts';
import { testRuntime } from '../../kube/fixture.ts';
import { runKubectl } from '../../../contract/kubectl.ts';
import { cleanHome } from '../../../support/kubectl-trace.ts';
import { ROLLOUT_STATES, type RolloutState } from './states.ts';

/** A real API server without controllers: what they would have written, the test writes. */
const cluster = sharedCluster();

const PATHS = { Deployment: 'deployments', StatefulSet: 'statefulsets', DaemonSet: 'daemonsets' } as const;
const pathOf = (kind: RolloutState['kind']): string => `/apis/apps/v1/namespaces/default/${PATHS[kind]}`;
const MERGE = { 'content-type': 'application/merge-patch+json' };

async function call(method: string, path: string, body: object): Promise<void> {
  const answer = await cluster().call(method, path, { body, ...(method === 'PATCH' && { headers: MERGE }) });
  assert.ok(answer.status === 200 || answer.status === 201, answer.body);
}

async function write({ kind, spec, status, changed }: RolloutState, name: string): Promise<void> {
  const path = pathOf(kind);
  await call('POST', path, { apiVersion: 'apps/v1', kind, metadata: { name }, spec });
  await call('PATCH', `${path}/${name}/status`, { status });
  if (changed !== true) return;
  const containers = [{ name: 'app', image: 'registry.test/web:2' }];
  await call('PATCH', `${path}/${name}`, { spec: { template: { spec: { containers } } } });
}

interface Ours {
  readonly exitCode: number;
  readonly verdict: { readonly state: string };
  readonly workload: { readonly state: string; readonly message: string };
}

async function ours(target: string): Promise<Ours> {
  const home = cleanHome();
  let stdout = '';
  const out = { write: (text: string): void => void (stdout += text) };
  const env = { HOME: home.path, KUBECONFIG: cluster().kubeconfig };
  const exitCode = await run(['pod', target, '-o', 'json'], testRuntime({ out, env, home: home.path }), '0.1.0');
  home.remove();
  return { ...(JSON.parse(stdout) as Omit<Ours, 'exitCode'>), exitCode };
}

/** What kubectl says, and what that is in our words. */
const SENTENCES: readonly (readonly [kubectl: RegExp, state: readonly string[], ours: RegExp])[] = [
  [
    /successfully rolled out|roll out complete|rolling update complete/,
    ['done'],
    /available|ready|scaled to 0|no node/,
  ],
  [/exceeded its progress deadline/, ['failed'], /no progress within its deadline/],
  [/spec update to be observed/, ['progressing'], /has not acted on the latest change yet/],
  [
    /out of \d+ new (?:replicas|pods)|to complete \d+ pods at revision/,
    ['progressing', 'suspended'],
    /(?:has|have) the latest template/,
  ],
  [
    /old replicas are pending termination/,
    ['progressing', 'suspended'],
    /of (?:an older revision|older revisions) must end first/,
  ],
  [/updated (?:replicas|pods) are available/, ['progressing'], /available/],
  [/pods to be ready/, ['progressing'], /ready/],
  // It has no opinion on OnDelete: then readiness alone decides.
  [/only available for RollingUpdate/, ['done', 'progressing'], /available|ready/],
];

suite('a rollout is done when kubectl rollout status says so', () => {
  for (const [index, state] of ROLLOUT_STATES.entries()) {
    const { kind, name } = state;
    test(`${kind}: ${name}`, async () => {
      const object = `${kind.toLowerCase()}-${index}`;
      await write(state, object);
      const target = `${kind.toLowerCase()}/${object}`;
      const args = ['rollout', 'status', target, '--watch=false', '--kubeconfig', cluster().kubeconfig];
      const kubectl = await runKubectl(cluster().binaries.kubectl, args);
      const said = `${kubectl.stdout}${kubectl.stderr}`;
      const [sentence, ...others] = SENTENCES.filter(([words]) => words.test(said));
      assert.ok(sentence !== undefined && others.length === 0, `kubectl said: ${said}`);
      const [, states, words] = sentence;
      const { workload, verdict, exitCode } = await ours(target);
      assert.ok(states.includes(workload.state), `${workload.state}: ${said}`);
      assert.match(workload.message, words);
      const good = verdict.state === 'ready' || verdict.state === 'succeeded';
      assert.equal(good, workload.state === 'done', verdict.state);
      if (workload.state === 'failed') assert.equal(exitCode, 6);
      if (workload.state === 'done') assert.equal(exitCode, 0);
    });
  }
});
