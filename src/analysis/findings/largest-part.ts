import type { Nanos } from '../../trace/time.ts';
import { componentName } from '../timing/component.ts';
import { sumByName } from '../timing/component-parts.ts';
import type { DisplayedTime } from '../timing/displayed-times.ts';
import type { FindingContext } from './finding-context.ts';

/** The single part that has more than half of the time, in words that follow "most of it"; null without one. */
export function largestPart(
  duration: Nanos,
  displayed: readonly DisplayedTime[],
  { requests = [] }: FindingContext,
): string | null {
  const isMost = (time: number): boolean => time * 2 > duration;
  for (const [component, own] of Map.groupBy(displayed, ({ time }) => time.component)) {
    if (!isMost(own.reduce((sum, { time }) => sum + time.nanos, 0))) continue;
    const [part] = own.length === 1 ? (own[0] as DisplayedTime).parts : sumByName(own.flatMap(({ parts }) => parts));
    if (part === undefined || !isMost(part.nanos)) continue;
    if (component === 'client' && part.name === 'work') {
      return 'the client: TLS, preparing the request';
    }
    const isCommand = own.some(({ time }) => time.spans.some(({ span, nanos }) => span.depth === 0 && isMost(nanos)));
    if (component === 'client' && isCommand) return 'the client itself';
    if (component === 'other' || part.name === componentName(component)) return part.name;
    if (component !== 'network' || part.name !== 'connect') return `${part.name} (${componentName(component)})`;
    const handshakes = requests.reduce((sum, { phases }) => sum + (phases.tlsNanos ?? 0), 0);
    return isMost(handshakes) ? 'the TLS handshake of a new connection' : 'making the new connection';
  }
  return null;
}
