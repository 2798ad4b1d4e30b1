import { nanos, type Nanos } from '../../trace/time.ts';
import type { PlacedSpan } from '../../trace/trace.ts';
import { calledServer, callsWebhook, isEtcdCall, type Component } from './component.ts';
import type { ComponentTime } from './component-time.ts';
import { AUTHORIZATION_OR_HANDLER, filterName, mayBeHandler } from '../kubernetes/filters.ts';
import { briefLabelOf, labelOf } from '../kubernetes/label.ts';

/** A part of a component's time, named as briefly as its rows are. */
export interface Part {
  readonly name: string;
  readonly nanos: Nanos;
}

/** Parts of a component's time, the largest first; spans of the same name are one part. */
export function componentParts({ component, spans }: ComponentTime): readonly Part[] {
  return sumByName(spans.map(({ span, nanos: time }) => ({ name: partName(span, component), nanos: time })));
}

/** Those of the same name as one, the largest first. */
export function sumByName(parts: readonly Part[]): readonly Part[] {
  const times = new Map<string, number>();
  for (const { name, nanos: time } of parts) times.set(name, (times.get(name) ?? 0) + time);
  return [...times].map(([name, time]) => ({ name, nanos: nanos(time) })).sort((a, b) => b.nanos - a.nanos);
}

function partName(placed: PlacedSpan, component: Component): string {
  if (filterName(placed) !== undefined) return mayBeHandler(placed) ? AUTHORIZATION_OR_HANDLER : 'filters';
  const { span, parent } = placed;
  const isWebhook = component === 'webhook' && parent !== undefined && callsWebhook(placed, parent);
  // A webhook is better known by its name than by its address.
  const webhook = isWebhook ? briefLabelOf(parent) : undefined;
  const server = calledServer(placed);
  if (server !== undefined) {
    // A call's own time is on the way, which no process measures.
    const name = webhook ?? server.span.resource.service;
    return `to ${name === '' ? 'a server' : name} and back (inferred)`;
  }
  if (webhook !== undefined) return webhook;
  // It is not etcd's alone.
  if (span.kind === 'client' && isEtcdCall(placed)) return labelOf(placed)[0];
  // A bound is never shown as if it were exact.
  if (placed.source === 'metric' && placed.inferred) return labelOf(placed)[0];
  // The text in brackets is about the whole row, or too long for a part.
  const brief = briefLabelOf(placed);
  const short = brief.endsWith(')') ? withoutBrackets(brief) : brief;
  return short.startsWith(`${component} `) ? short.slice(component.length + 1) : short;
}

function withoutBrackets(text: string): string {
  const index = text.indexOf(' (');
  return index === -1 ? text : text.slice(0, index);
}
