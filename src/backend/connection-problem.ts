import type { Lookup } from './backend.ts';
import { BackendNotReached } from './not-reached.ts';

type Problem = Extract<Lookup, { readonly status: 'unavailable' | 'failed' }>;

/** Node's codes (system errors, undici, TLS) in plain words. Trying again may help with all of these. */
const PASSING: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name cannot be resolved now',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network unreachable',
  ETIMEDOUT: 'connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'connection timed out',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped halfway',
  UND_ERR_SOCKET: 'connection closed',
};

const PLAIN_ON_TLS = 'the server does not speak TLS';
/** Trying again does not help: the address or the trust is wrong. */
const LASTING: Readonly<Record<string, { readonly reason: string; readonly words: string; readonly hint: string }>> = {
  ERR_SSL_WRONG_VERSION_NUMBER: { reason: 'BackendSpeaksNoTLS', words: PLAIN_ON_TLS, hint: 'try http://' },
  ERR_SSL_PACKET_LENGTH_TOO_LONG: { reason: 'BackendSpeaksNoTLS', words: PLAIN_ON_TLS, hint: 'try http://' },
  EPROTO: { reason: 'BackendSpeaksNoTLS', words: PLAIN_ON_TLS, hint: 'try http://' },
};

/** TLS alerts of a server that wants a client certificate, or another one. */
const WANTS_CERTIFICATE =
  /^ERR_SSL_(TLSV13_ALERT_CERTIFICATE_REQUIRED|(SSLV3|TLSV1)_ALERT_(HANDSHAKE_FAILURE|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN))$/;

const NOT_TRUSTED =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT_ALTNAME_INVALID)/;

/** Why there was no HTTP answer, from what `fetch` or the reading of the body rejected with. */
export function connectionProblem(origin: string, error: unknown, signal: AbortSignal): Problem {
  if (error instanceof BackendNotReached) return error.failure;
  if (signal.aborted) return { status: 'unavailable', message: `${origin} was not waited for any longer` };
  const { name, code, message } = innermost(error);
  const passing = PASSING[code];
  if (passing !== undefined) return { status: 'unavailable', message: `${origin}: ${passing}` };
  const lasting = LASTING[code];
  if (lasting !== undefined) {
    const { reason, words, hint } = lasting;
    return { status: 'failed', reason, message: `${origin}: ${words}`, hint };
  }
  if (NOT_TRUSTED.test(code)) {
    return {
      status: 'failed',
      reason: 'BackendCertificateNotTrusted',
      message: `${origin}: ${message}`,
      hint: 'give the certificate authority that signed it with --backend-ca FILE',
    };
  }
  if (WANTS_CERTIFICATE.test(code)) {
    return {
      status: 'failed',
      reason: 'BackendWantsCertificate',
      message: `${origin} refuses the TLS connection without a client certificate that it knows`,
      hint: 'give one with --backend-client-certificate FILE and --backend-client-key FILE',
    };
  }
  if (name === 'HTTPParserError') {
    return {
      status: 'failed',
      reason: 'BackendSpeaksNoHTTP',
      message: `${origin} does not answer in HTTP/1.1`,
      hint: "give the backend's HTTP port for queries (Jaeger: 16686), not a gRPC or OTLP port",
    };
  }
  return { status: 'unavailable', message: `${origin}: ${message}` };
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
