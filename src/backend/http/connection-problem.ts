import { tableOf } from '../../format/table-of.ts';
import type { Lookup } from '../backend.ts';
import { BackendNotReached } from './not-reached.ts';

type Problem = Extract<Lookup, { readonly status: 'unavailable' | 'failed' }>;

/** Node's codes (system errors, undici, TLS) in plain words. Trying again may help with all of these. */
const PASSING: Readonly<Record<string, { readonly words: string; readonly hint?: string }>> = tableOf({
  ECONNREFUSED: {
    words: 'connection refused',
    hint: 'is the trace backend running, and does it listen at this address?',
  },
  ECONNRESET: { words: 'connection reset' },
  EPIPE: { words: 'connection reset' },
  ENOTFOUND: {
    words: 'no such host',
    hint: 'is the host name right? A Service has its name in the cluster only: without --backend it is found from outside too',
  },
  EAI_AGAIN: {
    words: 'the name cannot be resolved now',
    hint: 'is the host name right, and does the name server respond?',
  },
  EHOSTUNREACH: { words: 'no route to host' },
  ENETUNREACH: { words: 'network unreachable' },
  ETIMEDOUT: { words: 'connection timed out' },
  UND_ERR_CONNECT_TIMEOUT: { words: 'connection timed out' },
  UND_ERR_SOCKET: { words: 'connection closed' },
});

/** A connection was made, and the response did not come. */
const UNANSWERED: Readonly<Record<string, string>> = tableOf({
  UND_ERR_HEADERS_TIMEOUT: 'no response in time',
  UND_ERR_BODY_TIMEOUT: 'the response stopped halfway',
});

const PLAIN_ON_TLS = /^(ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG|EPROTO)$/;

/** TLS alerts of a server that wants a client certificate, or another one. */
const WANTS_CERTIFICATE =
  /^ERR_SSL_(TLSV13_ALERT_CERTIFICATE_REQUIRED|(SSLV3|TLSV1)_ALERT_(HANDSHAKE_FAILURE|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN))$/;

const NOT_TRUSTED =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT_ALTNAME_INVALID)/;

/** An HTTP question that came to nothing. */
export interface Unanswered {
  readonly url: string;
  /** The error with which `fetch`, or the reading of the body, rejected. */
  readonly error: unknown;
  /** A response had begun, so that there is a server. */
  readonly begun: boolean;
  readonly signal: AbortSignal;
}

/** Why there was no HTTP response. */
export function connectionProblem({ url, error, begun, signal }: Unanswered): Problem {
  if (error instanceof BackendNotReached) return error.failure;
  const { origin, protocol, host } = new URL(url);
  if (signal.aborted) return { status: 'unavailable', message: `the wait for ${origin} was interrupted` };
  const { name, code, message } = innermost(error);
  const passing = PASSING[code];
  if (passing !== undefined && begun) return { status: 'unavailable', message: `${origin}: ${passing.words}` };
  if (passing !== undefined) {
    const { words, hint = 'is the address of --backend right?' } = passing;
    const mayBeTLS = protocol === 'http:' && /^connection (closed|reset)$/.test(words);
    return {
      status: 'unavailable',
      unconnected: true,
      message: `cannot connect to ${origin}: ${words}`,
      hint: mayBeTLS ? `${hint} Where the server speaks TLS, try https://${host}` : hint,
    };
  }
  const known = UNANSWERED[code];
  if (known !== undefined) return { status: 'unavailable', message: `${origin}: ${known}` };
  return lasting(url, { name, code, message }) ?? { status: 'unavailable', message: `${origin}: ${message}` };
}

/** Go's net/http, nginx and Apache say so; undefined for every other response. */
export function plainToTLS(url: string, text: string): Problem | undefined {
  const { origin, protocol, host } = new URL(url);
  if (protocol !== 'http:') return undefined;
  if (!/HTTP request (was sent )?to (an )?HTTPS (server|port)|speaking plain HTTP to an SSL/i.test(text)) {
    return undefined;
  }
  const message = `cannot connect to ${origin}: the server speaks TLS`;
  return { status: 'failed', reason: 'BackendSpeaksTLS', message, hint: `try https://${host}` };
}

/** A problem that another try does not solve: the address or the trust is wrong. Undefined for all others. */
function lasting(url: string, { name, code, message }: Cause): Problem | undefined {
  const { origin, protocol, host, port } = new URL(url);
  const failed = (reason: string, words: string, hint: string): Problem => ({
    status: 'failed',
    reason,
    message: `cannot connect to ${origin}: ${words}`,
    hint,
  });
  if (protocol === 'https:' && PLAIN_ON_TLS.test(code)) {
    return failed('BackendSpeaksNoTLS', 'the server does not speak TLS', `try http://${host}`);
  }
  if (NOT_TRUSTED.test(code)) {
    const hint = 'give the certificate authority that signed it with --backend-ca FILE';
    return failed('BackendCertificateNotTrusted', message, hint);
  }
  if (WANTS_CERTIFICATE.test(code)) {
    return failed(
      'BackendWantsCertificate',
      'the server refuses the TLS connection without a client certificate that it knows',
      'give one with --backend-client-certificate FILE and --backend-client-key FILE',
    );
  }
  if (name === 'HTTPParserError' || code.startsWith('HPE_')) {
    const tls = protocol === 'http:' ? `, or https://${host} where it speaks TLS` : '';
    return failed(
      'BackendSpeaksNoHTTP',
      'the server does not speak HTTP/1.1',
      `give the backend's HTTP port for queries (Jaeger: 16686), not a gRPC or OTLP port${tls}`,
    );
  }
  // Ports of other protocols, which no fetch connects to: https://fetch.spec.whatwg.org/#port-blocking
  if (message === 'bad port') {
    const hint = 'is the address of --backend right? kubectl port-forward can give the backend another local port';
    return failed(
      'BackendUnavailable',
      `port ${port} is one that HTTP clients refuse (Fetch standard, "bad port")`,
      hint,
    );
  }
  return undefined;
}

interface Cause {
  readonly name: string;
  /** Empty where there is none. */
  readonly code: string;
  readonly message: string;
}

/** fetch says "fetch failed"; what happened is in the cause, or in the first of several (one for each address). */
function innermost(error: unknown): Cause {
  let current = error;
  for (let depth = 0; depth < 8 && current instanceof Error; depth++) {
    const inner: unknown = current.cause ?? (current instanceof AggregateError ? current.errors[0] : undefined);
    if (!(inner instanceof Error)) break;
    current = inner;
  }
  if (!(current instanceof Error)) return { name: '', code: '', message: String(current) };
  const { name, message } = current;
  const { code } = current as { code?: unknown };
  return { name, code: typeof code === 'string' ? code : '', message };
}
