import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestCluster } from '../cluster/cluster.ts';
import { container, deployment, pod, probe } from '../pods/manifests.ts';
import type { StoryObject } from '../pods/story.ts';

/** A command that opens a stream, or waits with one. */
export interface StreamCommand {
  readonly name: string;
  /** Makes what the command needs. Returns its program, "kubectl" or "helm", and its arguments. */
  prepare(cluster: TestCluster, unique: string, folder: string): Promise<readonly [program: string, ...args: string[]]>;
  /** Interrupted as by Ctrl-C when this is in its output; without it, the command ends on its own. */
  readonly interruptedAt?: RegExp;
}

const namespace = 'default';
const create = async (cluster: TestCluster, { path, object }: StoryObject): Promise<void> => {
  const { status, body } = await cluster.call('POST', path, { body: object });
  if (status !== 201) throw new Error(`${path}: ${status} ${body}`);
};

/** Not ready before its second probe, so that the command has to wait. */
const web = (unique: string): StoryObject =>
  deployment(namespace, unique, {
    containers: [container('web', ['serve', '8080'], { readinessProbe: probe('/ready', { initialDelaySeconds: 2 }) })],
  });

const clock = (unique: string): StoryObject => {
  const ticks = Array.from({ length: 600 }, () => ['after=500ms', 'say=tick']).flat();
  return pod(namespace, unique, { containers: [container('clock', ['exit', '0', ...ticks])] });
};

async function untilRunning(cluster: TestCluster, unique: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const { body } = await cluster.call('GET', `/api/v1/namespaces/${namespace}/pods/${unique}`);
    if ((JSON.parse(body) as { status?: { phase?: string } }).status?.phase === 'Running') return;
    await sleep(100);
  }
  throw new Error(`${unique} does not run`);
}

function writeChart(folder: string, object: object): void {
  mkdirSync(join(folder, 'templates'), { recursive: true });
  writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: web\nversion: 0.1.0\n');
  writeFileSync(join(folder, 'templates', 'web.yaml'), JSON.stringify(object));
}

export const commands: readonly StreamCommand[] = [
  {
    name: 'rollout-status',
    async prepare(cluster, unique) {
      await create(cluster, web(unique));
      return ['kubectl', 'rollout', 'status', `deployment/${unique}`, '--timeout=120s'];
    },
  },
  {
    name: 'wait',
    async prepare(cluster, unique) {
      await create(cluster, web(unique));
      return ['kubectl', 'wait', '--for=condition=Available', `deployment/${unique}`, '--timeout=120s'];
    },
  },
  {
    name: 'get-watch',
    async prepare(cluster, unique) {
      await create(cluster, web(unique));
      return ['kubectl', 'get', 'deployment', unique, '-w'];
    },
    interruptedAt: /\b1\/1\b/,
  },
  {
    // The client's own timeout cuts the watch.
    name: 'get-watch-timeout',
    async prepare(cluster, unique) {
      await create(cluster, web(unique));
      return ['kubectl', 'get', 'deployment', unique, '-w', '--request-timeout=4s'];
    },
  },
  {
    name: 'logs-follow',
    async prepare(cluster, unique) {
      await create(cluster, clock(unique));
      await untilRunning(cluster, unique);
      return ['kubectl', 'logs', '-f', '--tail=1', unique];
    },
    interruptedAt: /tick\n(tick\n){4}/,
  },
  {
    name: 'helm-install-wait',
    prepare(_, unique, folder) {
      const chart = join(folder, unique);
      writeChart(chart, web(unique).object);
      return Promise.resolve(['helm', 'install', unique, chart, '--wait', '--timeout', '2m']);
    },
  },
];
