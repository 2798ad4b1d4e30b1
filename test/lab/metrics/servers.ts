import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditEvent, auditEvents } from '../../support/audit-log.ts';
import { startBalancer, type Balancer, type Cut } from '../../support/balancer.ts';
import { parseDocument } from '../../support/schema.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { isWithin } from './oracle.ts';
import { rowsOfDocument } from './rows.ts';
import type { Scene } from './scene.ts';
import type { Outcome, Truth } from './truths.ts';

const SERVERS = 2;
const MAX_TRIES = 5;

type Route = (run: number) => (connection: number) => number;

const roundRobin: Route = (run) => (connection) => (run + connection) % SERVERS;
const random: Route = (run) => {
  const next = seededRandom(run);
  const chosen: number[] = [];
  return (connection) => (chosen[connection] ??= Math.floor(next() * SERVERS));
};

/** Two API servers behind a balancer of TCP, which closes the connection of the request after its response. */
export const servers: readonly Truth[] = [
  {
    name: 'two-servers-in-turn',
    says: 'connections lead to each server in turn: found within as many of them as there are servers',
    run: (scene) =>
      behindBalancer(scene, {
        count: 50,
        route: roundRobin,
        cut: 'after the response',
        // The other requests of the tool do not wait for a reading whose connection looks open.
        isRight: (run) => isFoundWithin(run.isLost ? MAX_TRIES : SERVERS)(run),
      }),
  },
  {
    name: 'two-servers-lost-connection',
    says: 'the connection is closed when it is used again, and other requests open others: found',
    run: (scene) =>
      behindBalancer(scene, {
        count: 20,
        route: roundRobin,
        cut: 'at the next request',
        isRight: isFoundWithin(MAX_TRIES),
      }),
  },
  {
    name: 'two-servers-at-random',
    says: 'connections lead to any server: at most 5 of them are opened, and then it is reported as not found',
    run: (scene) =>
      behindBalancer(scene, {
        count: 20,
        route: random,
        cut: 'after the response',
        isRight: (run) => (run.isFound ? isFoundWithin(MAX_TRIES)(run) : run.isReported && run.tries <= MAX_TRIES),
      }),
  },
];

const isFoundWithin =
  (most: number) =>
  ({ isFound, isOwn, tries }: BalancedRun): boolean =>
    isFound && isOwn && tries <= most;

interface BalancedRun {
  readonly isFound: boolean;
  readonly isReported: boolean;
  /** How often the metrics were read. */
  readonly tries: number;
  /** Its rows lie within the time that the audit event has of the request. */
  readonly isOwn: boolean;
  /** The connection of the request was closed while the tool used it again. */
  readonly isLost: boolean;
  /** The server of each connection. */
  readonly connections: readonly number[];
  readonly stderr: string;
}

interface Balanced {
  readonly count: number;
  readonly route: Route;
  readonly cut: Cut;
  readonly isRight: (run: BalancedRun) => boolean;
}

async function behindBalancer(scene: Scene, { count, route, cut, isRight }: Balanced): Promise<Outcome> {
  const { cluster } = scene;
  const balancer = await startBalancer(
    [cluster.server, await scene.secondServer()].map((url) => Number(new URL(url).port)),
  );
  const kubeconfig = join(scene.folder, 'balanced.yaml');
  const direct = readFileSync(cluster.kubeconfig, 'utf8');
  writeFileSync(kubeconfig, direct.replaceAll(cluster.server, `https://127.0.0.1:${balancer.port}`), { mode: 0o600 });
  try {
    const runs: BalancedRun[] = [];
    for (let run = 0; run < count; run++) {
      balancer.begin(route(run), cut);
      runs.push(await getThrough(scene, kubeconfig, balancer));
    }
    const found = runs.filter(({ isFound }) => isFound);
    const lost = runs.filter(({ isLost }) => isLost);
    const tries = found.map((run) => run.tries);
    return {
      reported: `${found.length} of ${count} found, within ${Math.max(...tries)} tries; ${lost.length} lost`,
      compared: [],
      faults: runs.filter((run) => !isRight(run)).map(faultOf),
    };
  } finally {
    await balancer.close();
  }
}

function faultOf({ isFound, isOwn, tries, connections, stderr }: BalancedRun): string {
  const result = isFound ? `found in ${tries} tries${isOwn ? '' : ', at another time'}` : stderr.trim();
  return `servers ${connections.join(', ')}: ${result}`;
}

async function getThrough(scene: Scene, kubeconfig: string, balancer: Balancer): Promise<BalancedRun> {
  const command = ['get', '--raw', '/api/v1/namespaces/default', '-o', 'json'];
  const before = await readingsOf(scene);
  const { stdout, stderr } = await scene.runWith(kubeconfig, ...command);
  const document = parseDocument(stdout);
  const sent = document.requests.at(-1)!;
  const rows = rowsOfDocument(document, sent);
  const event = await auditEvent(scene.cluster.folder, sent.auditID ?? '');
  const isFound = rows[0]?.precision === 'exact';
  return {
    isFound,
    isReported: rows.length === 0 && /the metrics of \d API servers?, of 2, have no exemplar/.test(stderr),
    tries: (await readingsOf(scene)) - before,
    isOwn: isWithin(rows, event),
    isLost: balancer.isLost,
    connections: [...balancer.connections],
    stderr,
  };
}

/** How often the metrics of either server were read so far, by the audit log. */
async function readingsOf({ cluster }: Scene): Promise<number> {
  const events = await auditEvents(cluster.folder);
  return events.filter(({ requestURI }) => requestURI.startsWith('/metrics')).length;
}
