import type { PlacedSpan } from '../../../trace/trace.ts';
import { textAttribute } from '../../attributes.ts';

/** Nobody reported what a webhook did with the request: no process but the API server has a span below the call. */
export function showsNothing(call: PlacedSpan): boolean {
  const below = [...call.children];
  for (let span = below.pop(); span !== undefined; span = below.pop()) {
    if (span.span.resource.service !== call.span.resource.service) return false;
    below.push(...span.children);
  }
  return true;
}

/** `10 s`: the API server tells a webhook its timeout in the address (k8s.io/apiserver pkg/admission/plugin/webhook). */
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
