import { getServers } from 'node:dns';
import { STATUS_CODES } from 'node:http';
import { isIP } from 'node:net';
import type { Platform } from '../../platform.ts';
import type { TransportError } from './exchange.ts';
import type { Proxy } from '../connect/proxy-url.ts';
import { certificateError, type Verification } from './tls-error.ts';

/** Where a request was going when it failed. */
export interface Destination {
  /** As the kubeconfig has it: `127.0.0.1:6443`, `kubernetes.example`. */
  readonly authority: string;
  readonly hostname: string;
  readonly port: number;
  readonly platform: Platform;
  /** The proxy of the connection; undefined for a direct one. */
  readonly proxy?: Proxy | undefined;
}

/** Why a request got no response, in kubectl's words (kubectl pkg/cmd/util/helpers.go, StandardErrorMessage). */
export function transportError(error: unknown, destination: Destination, verification: Verification): TransportError {
  const { code, message } = describe(error);
  const { proxy } = destination;
  return (
    certificateError(code, verification) ??
    (proxy === undefined
      ? connectionError(code, destination)
      : proxyError(code, message, proxy, destination.platform)) ??
    alert(code, message) ?? {
      reason: 'ConnectionFailed',
      message: `Unable to connect to the server: ${code === '' ? message : code}`,
    }
  );
}

/**
 * A client behind a proxy connects to nothing else: what fails is the way to the proxy, or the proxy refuses to connect to
 * the server (CONNECT, RFC 9110 §9.3.6), in the words of Go's net/http.
 */
function proxyError(code: string, message: string, proxy: Proxy, platform: Platform): TransportError | undefined {
  const { address, hostname, port, origin } = proxy;
  const named = `the proxy ${address} (${origin})`;
  const unable = (reason: string, why: string, hint: string): TransportError => ({
    reason,
    message: `Unable to connect to the server: ${why}`,
    hint,
  });
  // hpagent has the status in its message.
  const [, status] = /^Bad response: (\d+)$/.exec(message) ?? [];
  if (status !== undefined) {
    const words = STATUS_CODES[status] ?? status;
    return unable('ProxyRefused', words, `${named} refused to connect to the server: ${status} ${words}`);
  }
  // The SOCKS client has the code in its message.
  const actual = code === '' ? (/\bE[A-Z]{5,}\b/.exec(message)?.[0] ?? '') : code;
  if (actual === 'ECONNREFUSED') {
    const why = `proxyconnect tcp: dial tcp ${addressOf(hostname, port)}: connect: connection refused`;
    return unable('ProxyUnreachable', why, `nothing listens at ${named}`);
  }
  if (actual === 'ECONNRESET' || actual === 'EPIPE') {
    return unable('ConnectionClosed', 'EOF', `the server, or ${named}, closed the connection without a response`);
  }
  const failed = connectionError(actual, { authority: address, hostname, port, platform });
  if (failed !== undefined) {
    const why = failed.message.replace(/^Unable to connect to the server: /, '');
    return unable('ProxyUnreachable', `proxyconnect tcp: ${why}`, `${named} cannot be reached`);
  }
  return actual === '' ? unable('ProxyRefused', message, `${named} did not connect to the server`) : undefined;
}

const addressOf = (hostname: string, port: number): string =>
  `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;

/** The request took longer than --request-timeout; Go distinguishes whether the headers had arrived. */
export function timeoutError(hasResponse: boolean): TransportError {
  const cut = 'unexpected error when reading response body. Please retry. Original error: context deadline exceeded';
  return {
    reason: 'RequestTimeout',
    message: hasResponse
      ? `${cut} (Client.Timeout or context cancellation while reading body)`
      : 'Unable to connect to the server: context deadline exceeded',
    hint: 'the server did not respond within --request-timeout',
  };
}

export const interruptedError: TransportError = { reason: 'Interrupted', message: 'the request was interrupted' };

/** The failure by Node's code; after several addresses, the failure of the last one. */
function describe(error: unknown): { code: string; message: string } {
  const last = error instanceof AggregateError && error.errors.length > 0 ? error.errors.at(-1) : error;
  const { code, message } = last as { code?: unknown; message?: unknown };
  return { code: typeof code === 'string' ? code : '', message: typeof message === 'string' ? message : String(last) };
}

function connectionError(
  code: string,
  { authority, hostname, port, platform }: Destination,
): TransportError | undefined {
  const unable = (reason: string, why: string, hint: string): TransportError => ({
    reason,
    message: `Unable to connect to the server: ${why}`,
    hint,
  });
  const address = addressOf(hostname, port);
  switch (code) {
    case 'ECONNREFUSED':
      return {
        reason: 'ConnectionRefused',
        message: `The connection to the server ${authority} was refused - did you specify the right host or port?`,
        hint: `nothing listens on ${address}; the address comes from --server or the kubeconfig's cluster`,
      };
    case 'ENOTFOUND':
      return unable(
        'UnknownHost',
        `dial tcp: lookup ${hostname}${queriedServer(platform)}: no such host`,
        `"${hostname}" has no address: check the server's name`,
      );
    case 'EAI_AGAIN':
      return unable(
        'UnknownHost',
        `dial tcp: lookup ${hostname}${queriedServer(platform)}: server misbehaving`,
        'the name server does not respond: is there a network?',
      );
    case 'ETIMEDOUT':
    case 'ERR_SOCKET_CONNECTION_TIMEOUT':
      return unable(
        'ConnectTimeout',
        `dial tcp ${address}: connect: connection timed out`,
        'a firewall or VPN may be in between',
      );
    case 'EHOSTUNREACH':
      return unable(
        'HostUnreachable',
        `dial tcp ${address}: connect: no route to host`,
        'a firewall or VPN may be in between',
      );
    case 'ENETUNREACH':
      return unable('HostUnreachable', `dial tcp ${address}: connect: network is unreachable`, 'is there a network?');
    case 'ECONNRESET':
    case 'EPIPE':
      return unable('ConnectionClosed', 'EOF', `${address} closed the connection without a response`);
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
    case 'EPROTO':
      return unable(
        'NotTLS',
        'http: server gave HTTP response to HTTPS client',
        `${address} does not speak TLS: is it http://?`,
      );
    default:
      return undefined;
  }
}

/** kubectl for linux queries the name servers directly and names them; elsewhere it uses the system and names none. */
function queriedServer({ os }: Platform): string {
  const [server] = os === 'linux' ? getServers() : [];
  if (server === undefined) return '';
  const withPort = isIP(server) === 0 ? server : `${isIP(server) === 6 ? `[${server}]` : server}:53`;
  return ` on ${withPort}`;
}

/** TLS alerts of the server, which end a handshake that it does not like, in Go's words (crypto/tls alert.go). */
function alert(code: string, message: string): TransportError | undefined {
  const words: readonly (readonly [pattern: RegExp, words: string])[] = [
    [/UNKNOWN_CA/, 'unknown certificate authority'],
    [/CERTIFICATE_EXPIRED/, 'expired certificate'],
    [/BAD_CERTIFICATE/, 'bad certificate'],
    [/CERTIFICATE_REQUIRED/, 'certificate required'],
    [/PROTOCOL_VERSION/, 'protocol version not supported'],
    [/HANDSHAKE_FAILURE/, 'handshake failure'],
  ];
  const found = words.find(([pattern]) => code.includes('ALERT') && pattern.test(code));
  if (found === undefined || message === '') return undefined;
  return {
    reason: 'TLSAlert',
    message: `Unable to connect to the server: remote error: tls: ${found[1]}`,
    hint: 'the server refused the client certificate, or the TLS version',
  };
}
