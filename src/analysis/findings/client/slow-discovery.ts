import { counted } from '../../../format/counted.ts';
import type { SpanID } from '../../../trace/ids.ts';
import { defineTimeFinding } from '../define-finding.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';

/** Requests that the client sent to learn which resources the server has, before it could send the user's request. */
export const slowDiscovery = defineTimeFinding({
  id: 'slow-discovery',
  threshold: atLeast(100, 25),
  severity: 'info',
  title: ({ parts }) => counted(parts.length, 'discovery request'),
  detail: ({ wasUsed }) => [
    'They list the resources of the server.',
    wasUsed
      ? 'The responses are cached, so the next command does not send them again.'
      : 'A command that shows them, or names a type that the server does not have, sends them every time.',
  ],
  hint: ({ wasUsed }) =>
    wasUsed
      ? 'If every command sends them, check that the cache folder (--cache-dir) is writable and persists between runs.'
      : null,
  command: null,
  find,
});

function find(index: TraceIndex) {
  const { requests = [] } = index.context;
  const discovery = requests.filter(({ purpose }) => purpose === 'discovery');
  // The failure says all about a server that does not respond.
  if (discovery.some(({ status }) => status === null)) return [];
  // `get --raw /openapi/v2` is the request that the user wants.
  const isOnly = requests.filter(({ purpose }) => purpose !== 'identity').length === 1;
  if (isOnly) return [];
  const sent = new Set<SpanID>(discovery.map(({ spanID }) => spanID));
  const spans = index.trace.spans.filter(({ source, spanID }) => source === 'client' && sent.has(spanID));
  // An unknown type ends the command before its request; the cache is not used for the name.
  const wasUsed = requests.findLast(({ purpose }) => purpose !== 'identity')?.purpose === 'request';
  return [{ wasUsed, parts: spans.map((span) => ({ span, nanos: index.criticalTime(span) })) }];
}
