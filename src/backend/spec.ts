import { UsageError } from '../errors.ts';
import { isDataSource } from './kinds/grafana/address.ts';
import type { BackendKind, BackendSpec, PinnedService } from './backend.ts';
import { BACKEND_KINDS, backendKind } from './kinds.ts';

/**
 * Reads `[KIND=]URL` or `[KIND=]NAMESPACE/NAME[:PORT]`, as `--backend` and its environment variable take it. Throws UsageError. The message never repeats
 * the address where that may hold a password.
 */
export function parseBackendSpec(given: string): BackendSpec {
  const trimmed = given.trim();
  // The traces of `kubectl trace serve`; the first request shows whether it runs.
  if (trimmed === 'local') return { kind: 'local', url: '' };
  const named = /^([A-Za-z][A-Za-z0-9_-]*)=(.*)$/.exec(trimmed);
  const kind = named === null ? undefined : kindOf(named[1] as string);
  const service = pinnedService(named === null ? trimmed : (named[2] as string));
  if (service !== undefined) return { kind, url: '', service };
  const url = baseURL(named === null ? trimmed : (named[2] as string));
  return { kind: kind ?? (isDataSource(url) ? 'grafana' : undefined), url };
}

/** Names as Kubernetes has them (RFC 1123 labels; Services begin with a letter). */
const PINNED = /^([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)\/([a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)(?::(\d{1,5}))?$/;

/** `observability/jaeger-query` or `observability/jaeger-query:16686`; a host with a path is not one. */
function pinnedService(text: string): PinnedService | undefined {
  const [, namespace, name, port] = PINNED.exec(text) ?? [];
  if (namespace === undefined || name === undefined || namespace === 'localhost') return undefined;
  return { namespace, name, ...(port !== undefined && { port: Number(port) }) };
}

function kindOf(name: string): BackendKind {
  const kind = backendKind(name);
  if (kind !== undefined) return kind;
  throw new UsageError('UnknownBackendKind', `unknown kind of trace backend ${JSON.stringify(name)}`, {
    hint: `did you mean ${BACKEND_KINDS.map((known) => `${known}=URL`).join(' or ')}? Without a kind it is detected`,
  });
}

function baseURL(address: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) {
    const hint = /^[\w.-]+(:\d+)?(\/|$)/.test(address) ? `try http://${address}` : 'give --backend [KIND=]URL';
    throw invalid('the address of the trace backend has no http:// or https://', hint);
  }
  if (!URL.canParse(address)) throw invalid('the address of the trace backend is not a valid URL');
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    const hint = 'traces are looked up over HTTP, also where spans are sent over gRPC (Jaeger: port 16686)';
    throw invalid(`trace backends are reached by http:// or https://, not ${url.protocol}//`, hint);
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid('the address of the trace backend must not hold a user name or password');
  }
  if (url.search !== '' || url.hash !== '') {
    throw invalid('the address of the trace backend must end with its path, without "?" or "#"');
  }
  return `${url.origin}${url.pathname}`.replace(/(?<!\/)\/+$/, '');
}

const invalid = (message: string, hint?: string): UsageError =>
  new UsageError('InvalidBackend', message, hint === undefined ? {} : { hint });
