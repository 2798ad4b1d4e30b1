import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import type { StoredObject } from '../../support/object-server.ts';
import { openMachine, podCases } from '../../support/pod-case.ts';
import { recordedCluster } from '../../support/recorded-cluster.ts';
import { POD_STORIES, truthOf } from '../../support/recorded-pods.ts';
import { parsePodDocument } from '../../support/schema.ts';

interface StandingCluster {
  readonly now: string;
  readonly clientClockAheadSeconds: number;
  readonly objects: readonly StoredObject[];
  readonly logs?: Readonly<Record<string, string>> | undefined;
}

/** Pods that are shown alone for the comparison. */
const MAX_ALONE = 6;

/** The table of a namespace says of each pod what `pod NAME` says of it. */
async function compare(t: TestContext, { logs = {}, ...cluster }: StandingCluster): Promise<void> {
  const pods = cluster.objects.filter(({ kind }) => kind === 'Pod');
  const machine = await openMachine(t, { ...cluster, logs, target: '' }, { isStill: true });
  const namespaces = new Set(pods.map(({ metadata }) => metadata.namespace ?? ''));
  for (const namespace of namespaces) {
    const { stdout } = await machine.run(['pod', '-n', namespace, '-o', 'json']);
    const { pods: listed, set } = parsePodDocument(stdout);
    const those = pods.filter(({ metadata }) => metadata.namespace === namespace);
    for (const { metadata } of those.slice(0, MAX_ALONE)) {
      const alone = await machine.run(['pod', metadata.name, '-n', namespace, '-o', 'json']);
      const { verdict } = parsePodDocument(alone.stdout);
      const { state, reason } = verdict!;
      const found = listed.find(({ name }) => name === metadata.name)?.verdict;
      const isReplaced = found === undefined && state === 'failed' && set!.replaced > 0;
      if (isReplaced) continue;
      if (state === 'ready' || state === 'succeeded') assert.equal(found, undefined, metadata.name);
      else assert.deepEqual({ state: found?.state, reason: found?.reason }, { state, reason }, metadata.name);
    }
  }
}

suite('pod cases: the namespace has the verdicts of its pods', () => {
  for (const { name, ...podCase } of podCases()) {
    if (podCase.objects.some(({ kind }) => kind === 'Pod')) test(name, (t) => compare(t, podCase));
  }
});

suite('recorded clusters: the namespace has the verdicts of its pods', () => {
  for (const story of POD_STORIES) {
    for (const snapshot of Object.keys(truthOf(story).snapshots)) {
      test(`${story}, ${snapshot}`, (t) =>
        compare(t, { ...recordedCluster(story, snapshot), clientClockAheadSeconds: 0 }));
    }
  }
});
