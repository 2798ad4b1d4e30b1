import { tableOf } from '../../format/table-of.ts';
import type { Component } from '../../analysis/timing/component.ts';
import { isTrouble } from '../event-meaning.ts';
import type { APIEvent } from '../events.ts';
import type { TimelineInput, InferredRow } from './inferred-row.ts';
import { timesWords } from './words.ts';

/** Reasons that have their own rows. */
const OTHER_ROWS = new Set(['Scheduled', 'FailedScheduling', 'TriggeredScaleUp']);
/** Reasons that the kubelet's spans describe better than its events. */
const COVERED_BY_SPANS = new Set([
  'Pulling',
  'Pulled',
  'Created',
  'Started',
  'Failed',
  'BackOff',
  'FailedCreatePodSandBox',
]);
/** Maximum number of event rows. */
const MAX_ROWS = 20;

const COMPONENTS: Readonly<Record<string, Component>> = tableOf({
  kubelet: 'kubelet',
  'default-scheduler': 'scheduler',
  'attachdetach-controller': 'storage',
});

/** Events by reason and container, each kind one row from its first time to its last. */
export function eventRows({ snapshot, syncs, end, progress }: TimelineInput): InferredRow[] {
  const groups = new Map<string, APIEvent[]>();
  for (const event of snapshot.events) {
    if (OTHER_ROWS.has(event.reason) || (syncs.length > 0 && COVERED_BY_SPANS.has(event.reason))) continue;
    if (event.first.at > end) continue;
    const key = `${event.reason}\0${event.container ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [event]);
    else group.push(event);
  }
  return [...groups.values()].slice(0, MAX_ROWS).map((group) => {
    const [first] = group as [APIEvent];
    const times = group.reduce((sum, { count }) => sum + count, 0);
    const last = group.reduce((latest, event) => (event.last.at > latest ? event.last.at : latest), first.last.at);
    const component = COMPONENTS[first.component] ?? 'other';
    const who = first.component === '' ? '' : `${first.component}  `;
    const about = first.container === undefined ? '' : `, container ${first.container}`;
    const from = first.first.at < progress.created.at.at ? progress.created.at.at : first.first.at;
    const until = last > end ? end : last;
    return {
      label: [
        `${who}${first.reason}${timesWords(times)}${about} (event)`,
        `${first.component} ${first.reason}${timesWords(times)}`.trim(),
      ],
      from,
      to: until < from ? from : until,
      source: 'event',
      component,
      failed: isTrouble(first),
    };
  });
}
