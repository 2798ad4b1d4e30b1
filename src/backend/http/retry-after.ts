/**
 * The pause that a `Retry-After` header requests, in milliseconds from now: seconds, or a date (RFC 9110 §10.2.3). A
 * date is counted from the response's own `Date`, so that the two clocks need not agree. Undefined without one that can
 * be read.
 */
export function retryAfterMillis(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  const now = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(at) || Number.isNaN(now) ? undefined : Math.max(0, at - now);
}
