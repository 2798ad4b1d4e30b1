import { instantOf, numberOf, objectOf, textOf, type Instant } from './fields.ts';

/** An event of the API: something that a component says has happened, once or several times. */
export interface APIEvent {
  readonly reason: string;
  readonly message: string;
  readonly warning: boolean;
  readonly count: number;
  readonly first: Instant;
  readonly last: Instant;
  /** `kubelet`, `default-scheduler`; "" when the event does not name it. */
  readonly component: string;
  readonly about: { readonly kind: string; readonly name: string; readonly uid: string };
  /** The container that it is about, from `spec.containers{NAME}`. */
  readonly container: string | undefined;
}

/** Before the last message of many events of one reason (k8s.io/client-go tools/record/events_cache.go). */
const COMBINED = /^\s*\(combined from similar events\): /;

/**
 * Both generations of events: client-go's old recorder counts in `count` and has whole seconds; the new one, which the
 * scheduler uses, counts in `series` and has microseconds. Undefined for what has no time.
 */
export function eventOf(value: unknown): APIEvent | undefined {
  const event = objectOf(value);
  const series = objectOf(event['series']);
  const about = objectOf(event['involvedObject']);
  const metadata = objectOf(event['metadata']);
  const at = instantOf(event['eventTime']);
  const first = at ?? instantOf(event['firstTimestamp']) ?? instantOf(metadata['creationTimestamp']);
  if (first === undefined) return undefined;
  const last = instantOf(series['lastObservedTime']) ?? instantOf(event['lastTimestamp']) ?? first;
  return {
    reason: textOf(event['reason']) ?? '',
    message: (textOf(event['message']) ?? '').replace(COMBINED, '').trim(),
    warning: event['type'] === 'Warning',
    count: Math.max(1, numberOf(series['count']) ?? numberOf(event['count']) ?? 1),
    first,
    last,
    component: textOf(objectOf(event['source'])['component']) ?? textOf(event['reportingComponent']) ?? '',
    about: {
      kind: textOf(about['kind']) ?? '',
      name: textOf(about['name']) ?? '',
      uid: textOf(about['uid']) ?? '',
    },
    container: /^spec\.(?:initContainers|containers|ephemeralContainers)\{(.+)\}$/.exec(
      textOf(about['fieldPath']) ?? '',
    )?.[1],
  };
}

/** Events for a name that are about this object, by time. The others belong to an earlier object of the same name. */
export function eventsOf(
  events: readonly APIEvent[],
  uid: string,
): { readonly own: readonly APIEvent[]; readonly earlier: number } {
  const own = events.filter((event) => event.about.uid === uid);
  const sorted = own.toSorted((one, other) => Number(one.first.at - other.first.at));
  return { own: sorted, earlier: events.length - own.length };
}
