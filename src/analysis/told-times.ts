import { nanos } from '../trace/time.ts';
import type { Analysis } from './analyse.ts';
import type { ComponentTime, SpanTime } from './component-time.ts';

/** A part of the critical path by the name that it is told under. */
export interface ToldTime {
  readonly name: string;
  readonly time: ComponentTime;
}

/**
 * The critical path's time by component, the largest first, without those that took none. A trace of which nothing is
 * Kubernetes' has one component only, which says nothing: it is told by service. Either way the times add up.
 */
export function toldTimes(analysis: Analysis): readonly ToldTime[] {
  const times = analysis.componentTimes.filter((time) => time.nanos > 0);
  const [only] = times;
  if (times.length === 1 && only?.component === 'other') return byService(only);
  return times.map((time) => ({ name: time.component, time }));
}

function byService({ component, nanos: total, spans }: ComponentTime): ToldTime[] {
  const services = new Map<string, SpanTime[]>();
  for (const one of spans) {
    const { service } = one.span.span.resource;
    const own = services.get(service);
    if (own === undefined) services.set(service, [one]);
    else own.push(one);
  }
  return [...services]
    .map(([service, own]): ToldTime => {
      const time = nanos(own.reduce((sum, one) => sum + one.nanos, 0));
      const name = service === '' ? 'no span' : service;
      return { name, time: { component, nanos: time, share: time / total, spans: own } };
    })
    .sort((a, b) => b.time.nanos - a.time.nanos);
}
