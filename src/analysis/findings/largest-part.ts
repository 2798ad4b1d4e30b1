import type { Nanos } from '../../trace/time.ts';
import { componentName } from '../timing/component.ts';
import { sumByName } from '../timing/component-parts.ts';
import type { DisplayedTime } from '../timing/displayed-times.ts';
import { formatDuration } from '../wording/duration.ts';
import type { FindingContext } from './finding-context.ts';

/** "Most of the 9.09 ms is …" if a single part has more than half of the time; otherwise null. */
export function largestPart(
  duration: Nanos,
  displayed: readonly DisplayedTime[],
  { requests = [] }: FindingContext,
): string | null {
  const most = `Most of the ${formatDuration(duration)} is`;
  const isMost = (time: number): boolean => time * 2 > duration;
  for (const [component, own] of Map.groupBy(displayed, ({ time }) => time.component)) {
    if (!isMost(own.reduce((sum, { time }) => sum + time.nanos, 0))) continue;
    const [part] = own.length === 1 ? (own[0] as DisplayedTime).parts : sumByName(own.flatMap(({ parts }) => parts));
    if (part === undefined || !isMost(part.nanos)) continue;
    if (component === 'client' && part.name === 'work') {
      return `${most} the client's own work: TLS, and preparing the request.`;
    }
    if (component !== 'network' || part.name !== 'connect')
      return `${most} ${part.name} (${componentName(component)}).`;
    const handshakes = requests.reduce((sum, { phases }) => sum + (phases.tlsNanos ?? 0), 0);
    return isMost(handshakes)
      ? `${most} the TLS handshake, which every new process pays.`
      : `${most} making the connection, which every new process pays.`;
  }
  return null;
}
