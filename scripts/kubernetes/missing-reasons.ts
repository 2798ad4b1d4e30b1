import { meaningOf } from '../../src/pod/event-meaning.ts';
import { NEUTRAL_TERMINATED, NEUTRAL_WAITING } from '../../src/pod/signs/object-signs.ts';
import { SIGNS } from '../../src/pod/signs/sign-of.ts';
import type { SignSource } from '../../src/pod/signs/sign.ts';
import { REJECTIONS } from '../../src/pod/rejections.ts';
import type { KubeletReasons } from './kubelet-reasons.ts';

/** Reasons that no table of src/pod has, each in one sentence. */
export function missingReasons(reasons: KubeletReasons): readonly string[] {
  const rejections = new Set(REJECTIONS.flatMap(({ says }) => says));
  const signs = (source: SignSource): Set<string> =>
    new Set(SIGNS.filter((sign) => sign.source === source).flatMap(({ says }) => says));
  const pod = signs('pod');
  const waiting = new Set([...signs('waiting'), ...NEUTRAL_WAITING]);
  const terminated = new Set([...signs('terminated'), ...NEUTRAL_TERMINATED]);
  return [
    ...missing(reasons.events, (reason) => meaningOf(reason) !== undefined, 'EVENT_MEANINGS has no event'),
    ...missing(reasons.rejections, (reason) => rejections.has(reason) || pod.has(reason), 'REJECTIONS has no'),
    ...missing(reasons.endings, (reason) => pod.has(reason), 'SIGNS has no pod reason'),
    ...missing(reasons.waiting, (reason) => waiting.has(reason), 'SIGNS has no waiting reason'),
    ...missing(reasons.terminated, (reason) => terminated.has(reason), 'SIGNS has no terminated reason'),
  ];
}

const missing = (reasons: readonly string[], has: (reason: string) => boolean, what: string): string[] =>
  reasons.filter((reason) => !has(reason)).map((reason) => `${what} ${reason}`);
