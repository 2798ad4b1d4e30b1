import type { RequestReport } from '../render/report.ts';

/** Parts of an object that are a conversation, as long as the client likes. */
const CONVERSATIONS = new Set(['attach', 'exec', 'portforward', 'proxy']);

/** A request that goes on until its client ends it: its server's span ends with it, or never comes at all. */
export function isLongRunning({ query, subresource, status }: RequestReport): boolean {
  if (status === 101 || CONVERSATIONS.has(subresource ?? '')) return true;
  const parameters = new URLSearchParams(query);
  return ['watch', 'follow'].some((name) => /^(1|t|true)$/i.test(parameters.get(name) ?? ''));
}

/** Whether a request's trace is waited for. `all`: also of discovery, where nothing else was asked. */
export function isAwaited(request: RequestReport, { all }: { readonly all: boolean }): boolean {
  return (all || request.purpose === 'request') && !isLongRunning(request);
}

/** Somebody else's command that only asked for the server's types and its version was about just that. */
export const isAboutDiscovery = (verb: string | null, requests: readonly RequestReport[]): boolean =>
  verb === 'run' && !requests.some(({ purpose }) => purpose === 'request');
