import { madeOf } from '../made-of.ts';
import { formatDuration } from '../wording/duration.ts';
import type { Subject } from './evidence.ts';
import type { FindingFacts } from './facts.ts';

/** "Most of the 9.09 ms is …", where a single part has more than half of the time; else null. */
export function largestPart({ trace, componentTimes }: Subject, { requests = [] }: FindingFacts): string | null {
  const most = `Most of the ${formatDuration(trace.duration)} is`;
  const isMost = (time: number): boolean => time * 2 > trace.duration;
  for (const time of componentTimes) {
    if (!isMost(time.nanos)) continue;
    const [part] = madeOf(time);
    if (part === undefined || !isMost(part.nanos)) continue;
    if (time.component !== 'network' || part.name !== 'connect') return `${most} ${part.name} (${time.component}).`;
    const handshakes = requests.reduce((sum, { phases }) => sum + (phases.tlsNanos ?? 0), 0);
    return isMost(handshakes)
      ? `${most} the TLS handshake, which every new process pays.`
      : `${most} making the connection, which every new process pays.`;
  }
  return null;
}
