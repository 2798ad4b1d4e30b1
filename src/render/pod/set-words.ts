import { countedInGroups, grouped, inWords } from '../../format/counted.ts';
import type { State } from '../../pod/verdict.ts';
import type { PodReport, PodSetReport, ServiceReport } from '../../report/pod-report.ts';

const WORDS: Readonly<Record<State, string>> = {
  failed: 'failed',
  stuck: 'stuck',
  progressing: 'in progress',
  ready: 'ready',
  succeeded: 'completed',
};

/** The headline names at most this number of reasons. */
const MAX_REASONS = 4;
const NAMED = 3;

/** `60 of 5,000 pods are not well: 12 ImagePull, 10 CrashLoop, 38 more`, `all 5,000 pods are ready`. */
export function setHeadline(subject: PodReport['subject'], set: PodSetReport): string {
  const { total, counts, replaced } = set;
  const about = scopeWords(subject, set);
  const present = total - replaced;
  const alarms = counts.failed + counts.stuck;
  const sentence = (text: string): string => [text, ...replacedWords(set)].join('; ');
  if (present === 0) return sentence(`no pods${about}`);
  if (alarms > 0) {
    const pods = `${grouped(alarms)} of ${countedInGroups(total, 'pod')}${about} ${alarms === 1 ? 'is' : 'are'} not well`;
    const named = set.reasons.slice(0, set.reasons.length > MAX_REASONS ? NAMED : MAX_REASONS);
    const rest = alarms - named.reduce((sum, { pods: count }) => sum + count, 0);
    const words = named.map(({ reason, pods: count }) => `${grouped(count)} ${reason}`);
    return `${pods}: ${[...words, ...(rest > 0 ? [`${grouped(rest)} more`] : [])].join(', ')}`;
  }
  if (counts.progressing > 0) {
    return sentence(`no pod${about} is stuck or failed: ${stateCounts(set, 'ready', 'succeeded', 'progressing')}`);
  }
  const all = present === 1 ? `the only pod${about} is` : `all ${grouped(present)} pods${about} are`;
  const both = counts.ready > 0 && counts.succeeded > 0;
  return sentence(
    both
      ? `${all} well: ${stateCounts(set, 'ready', 'succeeded')}`
      : `${all} ${WORDS[counts.ready > 0 ? 'ready' : 'succeeded']}`,
  );
}

/** `50 stuck, 10 failed, 3 in progress; 20 failed before and were replaced`: below a headline of reasons; empty for one state. */
export function statesWords(set: PodSetReport): string {
  const { stuck, failed, progressing } = set.counts;
  if (stuck + failed === 0) return '';
  const isMixed = [stuck, failed, progressing].filter((count) => count > 0).length > 1;
  const states = isMixed ? [stateCounts(set, 'stuck', 'failed', 'progressing')] : [];
  return [...states, ...replacedWords(set)].join('; ');
}

const replacedWords = ({ replaced }: PodSetReport): readonly string[] =>
  replaced > 0 ? [`${grouped(replaced)} failed before and ${replaced === 1 ? 'was' : 'were'} replaced`] : [];

const stateCounts = ({ counts }: PodSetReport, ...states: readonly State[]): string =>
  states.flatMap((state) => (counts[state] > 0 ? [`${grouped(counts[state])} ${WORDS[state]}`] : [])).join(', ');

/** `ImagePull 12 · CrashLoop 10 · …`; undefined where the headline has them all. */
export const reasonsWords = ({ reasons }: PodSetReport): string | undefined =>
  reasons.length <= MAX_REASONS
    ? undefined
    : reasons.map(({ reason, pods }) => `${reason} ${grouped(pods)}`).join(' · ');

/** ` in shop with app=web`; nothing for the pods of all namespaces. */
function scopeWords({ kind, namespace, name }: PodReport['subject'], set: PodSetReport): string {
  const selectors = [set.labelSelector, set.fieldSelector].filter((selector) => selector !== null);
  return [
    kind === 'service' ? ` of service/${name}` : '',
    namespace === null ? '' : ` in ${namespace}`,
    selectors.length === 0 ? '' : ` with ${inWords(selectors)}`,
  ].join('');
}

/** `3 of 4 endpoints are ready`; undefined where the endpoints could not be read. */
export function serviceWords(
  { selector, endpoints, readyEndpoints }: ServiceReport,
  total: number,
): string | undefined {
  const none =
    selector === null ? 'it has no selector, and its endpoints are no pods' : `no pod matches its selector ${selector}`;
  if (endpoints === null || readyEndpoints === null) return total === 0 ? none : undefined;
  if (endpoints === 0) return `it has no endpoints${total === 0 && selector !== null ? `: ${none}` : ''}`;
  const ready = `${grouped(readyEndpoints)} of ${countedInGroups(endpoints, 'endpoint')} ${readyEndpoints === 1 ? 'is' : 'are'} ready`;
  return total === 0 ? `${ready}; ${none}` : ready;
}
