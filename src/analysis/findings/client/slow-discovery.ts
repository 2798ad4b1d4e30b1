import { counted } from '../../../format/counted.ts';
import type { SpanID } from '../../../trace/ids.ts';
import { conclude } from '../conclude.ts';
import type { Finder } from '../finding.ts';

/** What the client asked to learn which resources the server has, before it could send what it was told to. */
export const slowDiscovery: Finder = (evidence) => {
  const sent = new Set<SpanID>(
    evidence.facts.requests?.flatMap(({ purpose, spanID }) => (purpose === 'discovery' ? [spanID] : [])),
  );
  const spans = evidence.trace.spans.filter(({ source, spanID }) => source === 'client' && sent.has(spanID));
  return conclude(evidence, {
    id: 'slow-discovery',
    severity: 'info',
    parts: spans.map((span) => ({ span, nanos: evidence.criticalTime(span) })),
    was: counted(spans.length, 'discovery request'),
    detail: [
      "They ask which resources the server has. Their answers are kept, so that the next command doesn't ask again.",
    ],
    hint: 'If every command asks: is the cache folder (--cache-dir) writable, and kept between runs?',
    command: null,
  });
};
