import { jsonIn, MAX_NESTING, searchLog } from '../log-lines.ts';
import { auditEventOf, type AuditEvent } from './events.ts';

/**
 * The events of some requests in an audit log, whatever it was exported with: JSON lines, lists of events, and the
 * exports of CloudWatch, Azure and Cloud Logging, whose entries hold events as objects or as texts. Lines without one of
 * the Audit-IDs are not parsed, so that a large log costs little.
 */
export function auditEventsIn(bytes: Buffer, auditIDs: readonly string[]): ReadonlyMap<string, AuditEvent> {
  const found = new Map<string, AuditEvent & { readonly rank: number }>();
  const wanted = auditIDs.filter((id) => id !== '');
  const isWanted = (text: Buffer | string): boolean => wanted.some((id) => text.includes(id));
  const collect = (value: unknown): void => {
    for (const event of eventsIn(value, isWanted)) {
      const known = found.get(event.auditID);
      const isBetter = known === undefined || event.rank >= known.rank;
      if (wanted.includes(event.auditID) && isBetter) found.set(event.auditID, event);
    }
  };
  const line = (text: string): void => collect(jsonIn(text));
  searchLog(bytes, { isWanted, line, document: collect, hasFound: () => found.size > 0 });
  return found;
}

/** Iterative: a document may be nested as deep as it likes. */
function* eventsIn(
  top: unknown,
  isWanted: (text: string) => boolean,
): Generator<AuditEvent & { readonly rank: number }> {
  const stack: { readonly value: unknown; readonly nesting: number }[] = [{ value: top, nesting: 0 }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value, nesting } = next;
    if (typeof value === 'string') {
      if (nesting < MAX_NESTING && isWanted(value)) stack.push({ value: jsonIn(value), nesting: nesting + 1 });
    } else if (typeof value === 'object' && value !== null) {
      const event = Array.isArray(value) ? undefined : auditEventOf(value as Readonly<Record<string, unknown>>);
      if (event !== undefined) yield event;
      for (const member of Object.values(value)) stack.push({ value: member, nesting });
    }
  }
}
