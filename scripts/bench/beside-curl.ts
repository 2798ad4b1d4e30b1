import type { Access } from './kubeconfigs.ts';
import type { ConnectionTimes, PacketWatch } from './packets.ts';
import { execute, median } from './paired-runs.ts';
import { timeOf, type Document } from './traced.ts';

const PAIRS = 20;
const PARTS = ['tcp', 'tls', 'server'] as const;

interface Terms {
  readonly access: Access;
  /** Version of HTTP that curl speaks. */
  readonly version: '1.1' | '2';
  readonly url: string;
  readonly watch: PacketWatch;
  readonly trace: () => Promise<Document>;
  readonly report: (name: string, words: string, isMet: boolean) => void;
}

/** One run of one program: the times that it reported, and those that its packets show. */
interface Run {
  readonly reported: ConnectionTimes;
  readonly packets: ConnectionTimes;
}

/**
 * Runs curl and this program in turn on the same request. Curl's times contain its own work, which is as long as the rest
 * for TLS: OpenSSL reads the certificate authorities and checks the server's certificate. The packets of its connection
 * show how long it waited, which is what remains when its work is subtracted. Ours are reported without our work, and have
 * to be those of the packets of our connection, and no others than curl's.
 */
export async function besideCurl({ access, version, url, watch, trace, report }: Terms): Promise<void> {
  const [curls, ours]: [Run[], Run[]] = [[], []];
  const shares: number[] = [];
  for (let round = -2; ours.length < PAIRS; round++) {
    const theirs = await watch.during(() => curl(access, version, url));
    const { result: document, times } = await watch.during(trace);
    if (round < 0) continue;
    if (theirs.times === undefined || times === undefined) throw new Error('packets of a connection are missing');
    curls.push({ reported: theirs.result, packets: theirs.times });
    ours.push({ reported: reportedBy(document), packets: times });
    shares.push(timeOf(document, 'network') / document.command.durationNanos);
  }
  for (const part of PARTS) {
    const of = (runs: readonly Run[], side: keyof Run): number => median(runs.map((run) => run[side][part]));
    const error = median(ours.map(({ reported, packets }) => reported[part] - packets[part]));
    const [own, other] = [of(ours, 'reported'), of(curls, 'packets')];
    const words = [
      `ours ${show(own)}, its packets ${show(of(ours, 'packets'))}`,
      `curl ${show(of(curls, 'reported'))}, its packets ${show(other)}`,
    ].join('; ');
    const isMet = isNear(error, of(ours, 'packets')) && isNear(own - other, other);
    report(`${access.name}, HTTP/${version}: ${part}`, words, isMet);
  }
  const share = median(shares);
  report(`${access.name}: network of get nodes`, `${(share * 100).toFixed(1)} % (at most 15)`, share <= 0.15);
}

/** Within 1 ms or 25 %. */
const isNear = (error: number, truth: number): boolean => Math.abs(error) <= Math.max(1, 0.25 * truth);
const show = (millis: number): string => millis.toFixed(2);

async function curl(access: Access, version: string, url: string): Promise<ConnectionTimes> {
  const format = '%{time_connect} %{time_appconnect} %{time_pretransfer} %{time_starttransfer}';
  const http = version === '2' ? '--http2' : '--http1.1';
  const args = ['-s', http, '-o', '/dev/null', '-w', format, ...access.curl, url];
  const { stdout } = await execute({ command: 'curl', args, env: { PATH: process.env['PATH'] } });
  const [connect = NaN, secured = NaN, sent = NaN, first = NaN] = stdout.split(' ').map((text) => Number(text) * 1000);
  return { tcp: connect, tls: secured - connect, server: first - sent };
}

/** TCP and TLS without the client's own part; the server's time is all else of the tree that is not the client's. */
function reportedBy({ requests: [request], summary }: Document): ConnectionTimes {
  const waited = (phase: string): number => ((request?.phases[phase] ?? 0) - (request?.clientPhases[phase] ?? 0)) / 1e6;
  const others = summary.components.filter(({ component }) => component !== 'client');
  const rest = others.reduce((sum, { nanos }) => sum + nanos, 0) / 1e6;
  const [tcp, tls] = [waited('connectNanos'), waited('tlsNanos')];
  return { tcp, tls, server: rest - tcp - tls };
}
