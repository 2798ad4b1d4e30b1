import type { PlacedSpan } from '../../../trace/trace.ts';
import { textAttribute } from '../../attributes.ts';

/** True if the webhook exported no spans: every span below the call belongs to the API server. */
export function exportsNoSpans(call: PlacedSpan): boolean {
  const below = [...call.children];
  for (let span = below.pop(); span !== undefined; span = below.pop()) {
    if (span.span.resource.service !== call.span.resource.service) return false;
    for (const child of span.children) below.push(child);
  }
  return true;
}

/** `10 s`: the API server puts the timeout into the webhook's URL (k8s.io/apiserver pkg/admission/plugin/webhook). */
export function webhookTimeout(calls: readonly PlacedSpan[]): string | undefined {
  for (const { children } of calls) {
    for (const { span } of children) {
      const url = textAttribute(span.attributes, 'url.full', 'http.url') ?? '';
      const [, timeout] = /[?&]timeout=([\dhms.]+)(?:&|$)/.exec(url) ?? [];
      if (timeout !== undefined) return timeout.replace(/^([\d.]+)(ms|s)$/, '$1 $2');
    }
  }
  return undefined;
}
