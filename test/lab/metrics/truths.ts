import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditEvent } from '../../support/audit-log.ts';
import { parseDocument, type Document, type JSONSpan } from '../../support/schema.ts';
import { compare, isAbove, type Compared } from './oracle.ts';
import { makeNarrow, whileFull } from './priority-level.ts';
import { rowsOfDocument } from './rows.ts';
import type { Scene } from './scene.ts';
import { WEBHOOK_LABEL } from './truth-webhooks.ts';

/** A cause of slowness that is made on purpose, and the result that it is to have. */
export interface Truth {
  readonly name: string;
  readonly says: string;
  readonly run: (scene: Scene) => Promise<Outcome>;
}

/** The result of the program, in a few words, and where it is wrong. */
export interface Outcome {
  readonly reported: string;
  readonly faults: readonly string[];
  readonly compared: readonly Compared[];
  /** The machine was too busy for the scene to be what it is meant to be: faults are worth another try. */
  readonly isBusy?: boolean;
}

const SLEEP_MILLIS = 350;
const STOPPED_MILLIS = 300;
/** Part of the request that a finding's share may be wrong by. */
const SHARE = 0.05;

/** Also where the API server attaches no exemplars. */
export const etcdStopped: Truth = {
  name: 'etcd-stopped-300ms',
  says: '--metrics=delta names etcd where it is stopped for 300 ms',
  run: async (scene) => {
    let [{ document, reported, compared }, row] = await createWhileStopped(scene);
    // On a busy machine the response of the webhook may arrive when etcd runs again.
    for (let tries = 2; tries <= 3 && (row?.durationNanos ?? 0) < (STOPPED_MILLIS * 1e6) / 2; tries++)
      [{ document, reported, compared }, row] = await createWhileStopped(scene);
    const [finding] = document.summary?.findings ?? [];
    return judged(`${reported}; ${row?.name} ${(row?.durationNanos ?? 0) / 1e6} ms`, compared, {
      'etcd has no row of its length': row !== undefined,
      'its length is wrong': Math.abs((row?.durationNanos ?? 0) / 1e6 - STOPPED_MILLIS) <= STOPPED_MILLIS * 0.1,
      'its first finding is another one': finding?.id === 'slow-etcd' && finding.spanIDs[0] === row?.spanID,
    });
  },
};

export const truths: readonly Truth[] = [
  {
    name: 'webhook-350ms',
    says: 'a mutating webhook that sleeps for 350 ms is the first finding, and its share is right',
    run: async (scene) => {
      const { document, reported, compared } = await runCompared(scene, create(scene, 'sleeps'));
      const [finding] = document.summary?.findings ?? [];
      const total = document.trace?.durationNanos ?? Number.NaN;
      const expected = (SLEEP_MILLIS * 1e6) / total;
      const call = document.trace?.spans.find(({ spanID }) => spanID === finding?.spanIDs[0]);
      const outcome = judged(reported, compared, {
        'its first finding is another one':
          finding?.id === 'slow-webhook' && finding.title.endsWith('sleeps.truth.test'),
        'its share is wrong': Math.abs((finding?.share ?? 0) - expected) <= SHARE,
      });
      // The webhook took its time beyond the sleep: the finding has more of the request than it would on an idle machine.
      return { ...outcome, isBusy: (call?.durationNanos ?? 0) > SLEEP_MILLIS * 1e6 * (1 + SHARE) };
    },
  },
  {
    name: 'full-priority-level',
    says: 'a request that waits for a seat is said to have waited, to the microsecond of the audit event',
    run: async (scene) => {
      await makeNarrow(scene);
      const args = ['get', '--raw', '/api/v1/namespaces/default', '--context', 'monitoring'];
      const { document, reported, compared } = await whileFull(scene, () => runCompared(scene, args));
      const [finding] = document.summary?.findings ?? [];
      return judged(reported, compared, {
        'its first finding is another one': finding?.id === 'priority-queueing',
        'the level is not named': document.requests.at(-1)?.priorityLevel === 'narrow',
      });
    },
  },
  etcdStopped,
];

/** A create of a config map that a webhook of the truths is called for. */
function create({ folder }: Scene, label: string): readonly string[] {
  const file = join(folder, `${label}.json`);
  const metadata = { generateName: `${label}-`, labels: { [WEBHOOK_LABEL]: label } };
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata }));
  return ['create', '-f', file];
}

/** Stops etcd between the admission of a create and its storage. */
async function createWhileStopped(scene: Scene): Promise<readonly [ComparedRun, JSONSpan | undefined]> {
  const { cluster } = scene;
  scene.webhooks.onNextCall('stops.truth.test', () => {
    cluster.pause('etcd');
    setTimeout(() => cluster.resume('etcd'), STOPPED_MILLIS);
    return Promise.resolve();
  });
  const run = await runCompared(scene, [...create(scene, 'stops'), '--metrics=delta']);
  return [run, run.document.trace?.spans.find(({ name }) => name === 'etcd create (length only)')];
}

export interface ComparedRun {
  readonly document: Document;
  readonly reported: string;
  readonly compared: readonly Compared[];
}

/** Runs the program, and compares what it says with the audit event. */
export async function runCompared(scene: Scene, args: readonly string[]): Promise<ComparedRun> {
  const { stdout } = await scene.run(...args, '-o', 'json');
  const document = parseDocument(stdout);
  const sent = document.requests.at(-1)!;
  const audit = await auditEvent(scene.cluster.folder, sent.auditID ?? '');
  const [finding] = document.summary?.findings ?? [];
  return {
    document,
    reported: finding?.title ?? 'no finding',
    compared: compare(scene.kubernetes, rowsOfDocument(document, sent), audit),
  };
}

export function judged(
  reported: string,
  compared: readonly Compared[],
  conditions: Readonly<Record<string, boolean>>,
): Outcome {
  const wrong = Object.entries(conditions).flatMap(([fault, holds]) => (holds ? [] : [fault]));
  const above = compared.filter(isAbove).map(({ what, nanos }) => `${what} differs by ${nanos / 1e6} ms`);
  return { reported, compared, faults: [...wrong, ...above] };
}
