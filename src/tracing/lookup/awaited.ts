import type { RequestReport } from '../../report/report.ts';

/** Parts of an object that are a conversation, as long as the client likes. */
const CONVERSATIONS = new Set(['attach', 'exec', 'portforward', 'proxy']);

/** A request that goes on until its client ends it: its server's span ends with it, or never comes at all. */
function isLongRunning({ query, subresource, status }: RequestReport): boolean {
  if (status === 101 || CONVERSATIONS.has(subresource ?? '')) return true;
  const parameters = new URLSearchParams(query);
  return ['watch', 'follow'].some((name) => /^(1|t|true)$/i.test(parameters.get(name) ?? ''));
}

/**
 * Whose traces are waited for. Of a client of somebody else's: nothing that may still go on, and discovery only where
 * nothing else was asked. A watch of ours has ended with the command, and so has its server's span.
 */
export function awaitedOf(
  verb: string | null,
  requests: readonly RequestReport[],
): (request: RequestReport) => boolean {
  const isRequest = ({ purpose }: RequestReport): boolean => purpose === 'request';
  if (verb !== 'run') return isRequest;
  const all = !requests.some(isRequest);
  return (request) => (all || isRequest(request)) && !isLongRunning(request);
}
