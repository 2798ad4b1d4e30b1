import type { Attributes, Span } from '../trace/span.ts';

/** The first of several spellings of one attribute that is there, as text: HTTP and RPC conventions changed their names. */
export function textAttribute(attributes: Attributes, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = attributes[name];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  }
  return undefined;
}

export function numberAttribute(attributes: Attributes, ...names: readonly string[]): number | undefined {
  const text = textAttribute(attributes, ...names);
  if (text === undefined || text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** The HTTP request's path without its query, in the old and the new semantic conventions. */
export function httpPath({ attributes }: Span): string | undefined {
  return textAttribute(attributes, 'url.path', 'http.target')?.split('?')[0];
}

export function httpMethod({ attributes }: Span): string | undefined {
  return textAttribute(attributes, 'http.request.method', 'http.method');
}

export function httpStatus({ attributes }: Span): number | undefined {
  const plain = attributes['http.response.status_code'];
  // The common case first: nearly all spans with a status have a number here, and each span is read several times.
  if (typeof plain === 'number' && Number.isFinite(plain)) return plain;
  return numberAttribute(attributes, 'http.response.status_code', 'http.status_code');
}

/** The API server leaves the status of a span unset below 500 (otelhttp's rule): the HTTP status says more. */
export function hasFailed(span: Span): boolean {
  return span.status.code === 'error' || (httpStatus(span) ?? 0) >= 400;
}
