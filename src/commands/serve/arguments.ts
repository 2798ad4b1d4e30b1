import { tableOf } from '../../format/table-of.ts';
import { UsageError } from '../../errors.ts';
import type { Nanos } from '../../trace/time.ts';
import type { FlagValues } from '../../cli/values.ts';

/** Where a program listens. */
export interface ListenAddress {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** Files as typed. */
export interface SecurityArguments {
  readonly certificate: string;
  readonly key: string;
  readonly token: string;
  readonly plainLoopbackOTLP: boolean;
}

/** `serve`'s own arguments. */
export interface ServeArguments {
  readonly listen: ListenAddress;
  /** Undefined: nowhere. */
  readonly listenHTTP?: ListenAddress;
  /** Undefined: on the socket alone. */
  readonly listenQuery?: ListenAddress;
  /** Undefined: without TLS and a token. */
  readonly security?: SecurityArguments;
  /** A unix socket for look-ups, as typed. */
  readonly socket?: string;
  /** As typed; undefined: where `show` and the other commands look. */
  readonly database?: string;
  readonly maxBytes: number;
  readonly maxAge: Nanos;
  /** Base address, without a slash at the end. */
  readonly forward?: string;
}

/** `serve`: neither queries the cluster nor draws anything. */
export interface ServeInvocation extends ServeArguments {
  readonly kind: 'serve';
  readonly args: readonly string[];
}

export function parseServe(positionals: readonly string[], values: FlagValues): ServeArguments {
  if (positionals.length > 0) throw new UsageError('TooManyArguments', `unexpected argument "${positionals[0]}"`);
  const http = values.string('listen-http') ?? 'none';
  const database = values.string('database');
  const forward = values.string('forward');
  return {
    listen: address('listen', values.string('listen') ?? ''),
    ...(http !== 'none' && { listenHTTP: address('listen-http', http) }),
    ...lookups(values),
    ...security(values),
    ...(database !== undefined && database !== '' && { database }),
    maxBytes: size('max-size', values.string('max-size') ?? ''),
    maxAge: values.duration('max-age'),
    ...(forward !== undefined && { forward: forwardURL(forward) }),
  };
}

/** A socket is for its user alone, so a port is opened only on request. */
function lookups(values: FlagValues): Pick<ServeArguments, 'listenQuery' | 'socket'> {
  const text = values.string('listen-query') ?? '';
  const given = values.string('socket') ?? '';
  const socket = given === '' ? {} : { socket: given };
  if (text !== 'none' && (given === '' || values.isGiven('listen-query'))) {
    return { ...socket, listenQuery: address('listen-query', text) };
  }
  if (given !== '') return socket;
  throw new UsageError('NoLookups', 'no traces could be looked up: "--listen-query none" needs "--socket PATH"');
}

const SECURITY_FLAGS = ['tls-cert-file', 'tls-private-key-file', 'token-file'] as const;

/** All three files or none: TLS without a token admits everyone, and a token without TLS can be read on its way. */
function security(values: FlagValues): Pick<ServeArguments, 'security'> {
  const [certificate = '', key = '', token = ''] = SECURITY_FLAGS.map((flag) => values.string(flag));
  const plainLoopbackOTLP = values.boolean('insecure-loopback-otlp') === true;
  const missing = SECURITY_FLAGS.filter((flag) => (values.string(flag) ?? '') === '');
  if (missing.length === 0) return { security: { certificate, key, token, plainLoopbackOTLP } };
  if (missing.length < SECURITY_FLAGS.length) {
    const message = '--tls-cert-file, --tls-private-key-file and --token-file belong together';
    throw new UsageError('TLSRequired', message, {
      hint: `also give ${missing.map((flag) => `--${flag}`).join(' and ')}`,
    });
  }
  if (plainLoopbackOTLP) {
    throw new UsageError('TLSRequired', '--insecure-loopback-otlp is of no use without --tls-cert-file', {
      hint: 'without the files spans are received on loopback in this way anyway',
    });
  }
  return {};
}

/** `127.0.0.1:4317`, `[::1]:4317`, `:4317` (every address of this machine, as Go has it). */
function address(flag: string, text: string): ListenAddress {
  const [, bracketed, plain = '', port = ''] = /^(?:\[([0-9a-fA-F:.%\w]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? [];
  if (port === '' || Number(port) > 65_535) throw invalid(flag, text, 'must be HOST:PORT, such as 127.0.0.1:4317');
  return { host: bracketed ?? (plain === '' ? '::' : plain), port: Number(port) };
}

/** As Kubernetes writes quantities: `512Mi`, `1Gi`, `500M`. */
const UNITS: Readonly<Record<string, number>> = tableOf({
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
});

/** One request must fit in, beside the stored data. */
const SMALLEST = 4 * 2 ** 20;

function size(flag: string, text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,15}(?:\.\d+)?)([kKMGT]i?|)B?$/.exec(text) ?? [];
  const factor = UNITS[unit === 'K' ? 'k' : unit];
  if (number === '' || factor === undefined) throw invalid(flag, text, 'must be a size such as 512Mi or 2Gi');
  const bytes = Math.floor(Number(number) * factor);
  if (bytes < SMALLEST) throw invalid(flag, text, 'must be at least 4Mi');
  return bytes;
}

function forwardURL(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw invalid(
      'forward',
      text,
      'must be the address of a receiver of OTLP over HTTP, such as http://collector:4318',
    );
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new UsageError(
      'InvalidValue',
      'invalid argument for "--forward" flag: it must end with its path, and hold no password',
    );
  }
  // A complete URL means the same.
  return `${url.origin}${url.pathname}`.replace(/(?<!\/)\/+$/, '').replace(/\/v1\/traces$/, '');
}

function invalid(flag: string, text: string, expected: string): UsageError {
  return new UsageError('InvalidValue', `invalid argument "${text}" for "--${flag}" flag: ${expected}`);
}
