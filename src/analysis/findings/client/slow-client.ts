import { formatBytes } from '../../wording/bytes.ts';
import { formatDuration } from '../../wording/duration.ts';
import { answersOf } from './response.ts';
import { conclude } from '../conclude.ts';
import type { Finder } from '../finding.ts';

/** The API server had an answer, and could not get rid of it: writing waits for whoever reads at the other end. */
export const slowClient: Finder = (evidence) =>
  answersOf(evidence).flatMap((answer) => {
    const { bytes, span, slow, writing } = answer;
    if (!slow || bytes === null) return [];
    return conclude(evidence, {
      id: 'slow-client',
      parts: [{ span, nanos: writing }],
      was: 'writing the answer to a slow connection',
      detail: [
        `${formatBytes(bytes)} (before compression) took ${formatDuration(writing)} to write:`,
        'the client or the network took it slowly, or the API server was short of CPU.',
      ],
      hint: 'Compare with the same request from a machine next to the API server.',
      command: null,
    });
  });
