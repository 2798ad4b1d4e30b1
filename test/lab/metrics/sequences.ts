import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditEvent } from '../../support/audit-log.ts';
import { RecordingProxy } from '../../support/recording-proxy.ts';
import { parseDocument, type Document } from '../../support/schema.ts';
import { isWithin } from './oracle.ts';
import { sendOthers } from './others.ts';
import { rowsOfDocument } from './rows.ts';
import type { Scene } from './scene.ts';
import { filtersOf } from './stories.ts';
import type { Outcome, Truth } from './truths.ts';

/** More are no longer repeated in one command. */
const AT_ONCE = 100;
const IN_A_ROW = 300;
const OTHERS = 200;
const PATH = '/api/v1/nodes';

/** Readings right after a request, and after requests of others. */
export const sequences: readonly Truth[] = [
  {
    name: '300-in-a-row',
    says: 'of 300 requests, each followed by a reading, every one is measured',
    run: async (scene) => {
      let [sent, found] = [0, 0];
      for (let done = 0; done < IN_A_ROW; done += AT_ONCE) {
        const { stdout } = await scene.run('get', '--raw', PATH, '--repeat', String(AT_ONCE), '-o', 'json');
        const document = parseDocument(stdout);
        const requests = document.requests.filter(({ purpose }) => purpose === 'request');
        sent += requests.length;
        found += requests.filter((one) => rowsOfDocument(document, one)[0]?.precision === 'exact').length;
      }
      return outcome(`${found} of ${sent} measured`, {
        'not every request was found': found === IN_A_ROW && sent === IN_A_ROW,
      });
    },
  },
  {
    name: '200-unsampled-between',
    says: 'unsampled requests of others leave the exemplars alone',
    run: async (scene) => {
      const { document, isOwn, isBusy } = await withOthers(scene, { count: OTHERS, isSampled: false });
      const rows = rowsOfDocument(document, document.requests.at(-1)!);
      const exact = rows.filter(({ precision }) => precision === 'exact').length;
      const conditions = {
        'its exemplars are gone': rows[0]?.precision === 'exact' && exact >= 6,
        'rows are of another time': isOwn,
      };
      return { ...outcome(`${exact} exact rows after ${OTHERS} requests`, conditions), isBusy };
    },
  },
  ...[1, 20, OTHERS].map((count): Truth => ({
    name: `${count}-sampled-between`,
    says: 'what sampled requests of others have replaced is reported, and none of theirs is shown',
    run: async (scene) => {
      const { document, stderr, isOwn, isBusy } = await withOthers(scene, { count, isSampled: true });
      const rows = rowsOfDocument(document, document.requests.at(-1)!);
      const isReported = /replaced/.test(stderr) || reasonsOf(document).includes('exemplars-replaced');
      const names = rows.map(({ name }) => name);
      const isLost = rows[0]?.precision !== 'exact' || !observedFilters(scene).every((name) => names.includes(name));
      const conditions = {
        'it is not reported': isReported || !isLost,
        'it is reported, and nothing is missing': isLost || !isReported,
        'nothing was replaced': isLost || count < OTHERS,
        'rows are of another time': isOwn,
      };
      const said = isReported ? 'reported as replaced' : 'nothing is replaced';
      return { ...outcome(`${rows.length} rows, ${said}`, conditions), isBusy };
    },
  })),
];

const observedFilters = ({ kubernetes }: Scene): readonly string[] =>
  filtersOf(kubernetes, {}).filter((name) => !/ /.test(name) && name !== 'authentication');

const outcome = (reported: string, conditions: Readonly<Record<string, boolean>>): Outcome => ({
  reported,
  compared: [],
  faults: Object.entries(conditions).flatMap(([fault, holds]) => (holds ? [] : [fault])),
});

const reasonsOf = ({ requests }: Document): readonly string[] =>
  requests.at(-1)?.lookup?.reasons.map(({ code }) => code) ?? [];

interface Read {
  readonly document: Document;
  readonly stderr: string;
  /** All exact rows lie within the time that the audit event has of the request. */
  readonly isOwn: boolean;
  /** The requests of others took longer than the program waits for the metrics. */
  readonly isBusy: boolean;
}

/** Runs the program, with requests of others between its request and its reading. */
async function withOthers(scene: Scene, others: Parameters<typeof sendOthers>[2]): Promise<Read> {
  const { cluster } = scene;
  const proxy = await RecordingProxy.start(cluster, 'admin');
  proxy.hold(async ({ path }) => {
    if (path === '/metrics') await sendOthers(cluster, PATH, others);
  });
  try {
    const kubeconfig = kubeconfigOf(scene, proxy.url);
    const { stdout, stderr } = await scene.runWith(kubeconfig, 'get', '--raw', PATH, '-o', 'json');
    const document = parseDocument(stdout);
    const sent = document.requests.at(-1)!;
    const event = await auditEvent(cluster.folder, sent.auditID ?? '');
    const isBusy = stderr.includes('did not respond within');
    return { document, stderr, isOwn: isWithin(rowsOfDocument(document, sent), event), isBusy };
  } finally {
    await proxy.stop();
  }
}

function kubeconfigOf({ folder }: Scene, server: string): string {
  const file = join(folder, 'through-proxy.json');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'proxy', cluster: { server } }],
    users: [{ name: 'proxy', user: {} }],
    contexts: [{ name: 'proxy', context: { cluster: 'proxy', user: 'proxy' } }],
    'current-context': 'proxy',
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}
