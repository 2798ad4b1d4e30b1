import { nanos } from '../../trace/time.ts';
import { componentName, type Component } from './component.ts';
import type { ComponentTime, SpanTime } from './component-time.ts';
import { componentParts, type Part } from './component-parts.ts';

/** A part of the critical path, with the name that is shown for it. */
export interface DisplayedTime {
  readonly name: string;
  readonly time: ComponentTime;
  /** Parts of that time; computed on first use. */
  readonly parts: readonly Part[];
}

function displayedTime(name: string, time: ComponentTime): DisplayedTime {
  let parts: readonly Part[] | undefined;
  return {
    name,
    time,
    get parts() {
      return (parts ??= componentParts(time));
    },
  };
}

/** Components of a trace without any Kubernetes component. */
const ANYBODYS: ReadonlySet<Component> = new Set(['other', 'network', 'network-or-gateway']);

/**
 * The critical path's time by component, the largest first, without those that took none. In a trace without Kubernetes
 * components the rest would be one component, which says nothing: it is shown by service. Either way the times add up.
 */
export function displayedTimes(componentTimes: readonly ComponentTime[]): readonly DisplayedTime[] {
  const times = componentTimes.filter((time) => time.nanos > 0);
  const isForeign = times.every(({ component }) => ANYBODYS.has(component));
  return times
    .flatMap((time) =>
      isForeign && time.component === 'other' ? byService(time) : [displayedTime(componentName(time.component), time)],
    )
    .sort((a, b) => b.time.nanos - a.time.nanos);
}

function byService({ component, nanos: total, share, spans }: ComponentTime): DisplayedTime[] {
  const services = new Map<string, SpanTime[]>();
  for (const spanTime of spans) {
    const { service } = spanTime.span.span.resource;
    const own = services.get(service);
    if (own === undefined) services.set(service, [spanTime]);
    else own.push(spanTime);
  }
  return [...services].map(([service, own]): DisplayedTime => {
    const time = nanos(own.reduce((sum, spanTime) => sum + spanTime.nanos, 0));
    const name = service === '' ? 'no span' : service;
    return displayedTime(name, { component, nanos: time, share: (share * time) / total, spans: own });
  });
}
