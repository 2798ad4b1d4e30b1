import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { PodReport } from '../../../src/report/pod-report.ts';
import { isReady, POD_STORIES, recordedPods, truthOf, type Replay } from '../../support/recorded-pods.ts';

/** Only what a Role with get and list on pods and events allows. */
const PODS_AND_EVENTS = /\/(nodes|leases|replicasets|deployments|persistentvolumeclaims)(\/|$)|\/log$/;

/** Without events the probe that had a container killed cannot be told from a crash, nor a volume from a slow sandbox. */
const WITHOUT_EVENTS: Readonly<Record<string, string>> = {
  liveness: 'stuck at Running, CrashLoop',
  startup: 'stuck at Running, CrashLoop',
  'missing-secret': 'progressing at Sandbox, null',
  'missing-host-path': 'progressing at Sandbox, null',
};
const WITHOUT_EVENTS_AND_SPANS: Readonly<Record<string, string>> = {
  ...WITHOUT_EVENTS,
  'broken-network': 'progressing at Sandbox, null',
};

const wordsOf = (verdict: { state: string; stage: string; reason: string | null } | null): string =>
  `${verdict?.state} at ${verdict?.stage}, ${verdict?.reason}`;

for (const story of POD_STORIES) {
  const { subject, snapshots } = truthOf(story);
  const truth = snapshots['final']!.verdict;
  const judge = (replay: Replay): Promise<PodReport> => recordedPods(story, 'final', replay);

  suite(`${story} is judged`, () => {
    test('without a trace backend, with a note', async () => {
      const { verdict, gaps, lifecycles } = await judge({ traced: false });
      assert.equal(wordsOf(verdict), wordsOf(truth));
      if (lifecycles[0]?.node != null) assert.match(JSON.stringify(gaps), /no trace backend is configured/);
    });

    test('after its events have expired', async () => {
      const { verdict } = await judge({ eventless: true });
      assert.equal(wordsOf(verdict), WITHOUT_EVENTS[story] ?? wordsOf(truth));
    });

    test('after its events have expired, without a trace backend', async () => {
      const { verdict } = await judge({ eventless: true, traced: false });
      assert.equal(wordsOf(verdict), WITHOUT_EVENTS_AND_SPANS[story] ?? wordsOf(truth));
    });

    if (subject.kind === 'Pod') {
      test('with permission to read only pods and events, and reports each missing permission once', async () => {
        const { verdict, gaps, exitCode } = await judge({ traced: false, forbidden: PODS_AND_EVENTS });
        // Who may not see the node does not know that it is lost.
        const told = story === 'lost-node' ? 'stuck at Readiness, Unknown' : wordsOf(truth);
        assert.equal(wordsOf(verdict), told);
        assert.equal(new Set(gaps.map(({ what }) => what)).size, gaps.length);
        assert.equal(exitCode, truth.state === 'stuck' || truth.state === 'failed' ? 6 : 0);
      });
    }

    test('without a wait when it is an hour old', async () => {
      const later = 3_600_000;
      const { verdict } = await judge({ later, change: (body, path) => renewed(body, path, later) });
      const recovered = truth.state === 'stuck' && subject.kind === 'Pod' && isReady(story, 'final');
      // A container that has run for an hour since its last crash has come out of its loop.
      assert.equal(wordsOf(verdict), recovered ? 'ready at Running, null' : wordsOf(truth));
    });
  });
}

/** A kubelet that is alive goes on renewing its lease; that of the story whose kubelet has ended does not. */
function renewed(body: unknown, path: string, later: number): unknown {
  const lease = body as { spec?: { renewTime?: string } };
  const at = lease.spec?.renewTime;
  if (!path.includes('/leases/') || at === undefined) return body;
  return { ...lease, spec: { ...lease.spec, renewTime: new Date(Date.parse(at) + later).toISOString() } };
}
