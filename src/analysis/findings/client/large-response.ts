import { formatBytes } from '../../wording/bytes.ts';
import { answersOf } from './response.ts';
import { conclude } from '../conclude.ts';
import type { Finder } from '../finding.ts';
import { LIMITS } from '../thresholds.ts';

/** Much to encode and to send. Unpaged lists and slow clients are findings of their own. */
export const largeResponse: Finder = (evidence) =>
  answersOf(evidence).flatMap((answer) => {
    const { bytes, span, unpaged, slow } = answer;
    if (bytes === null || bytes < LIMITS.largeResponseBytes || unpaged || slow) return [];
    return conclude(evidence, {
      id: 'large-response',
      parts: [{ span, nanos: evidence.criticalTime(span) }],
      was: `encoding and sending an answer of ${formatBytes(bytes)}`,
      detail: ['That is its size before compression.'],
      hint: 'Ask for less: one object, a namespace, a selector, smaller pages, or only the metadata.',
      command: null,
    });
  });
