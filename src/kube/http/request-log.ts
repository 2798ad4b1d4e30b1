import type { Clock, TextSink } from '../../runtime.ts';
import { redactText } from '../../format/redact-text.ts';
import { isSecretHeader } from '../../format/secret-names.ts';
import type { Exchange } from './exchange.ts';

/** The levels at which kubectl logs more (client-go transport/round_trippers.go). */
const RESPONSES = 6;
const REQUESTS = 7;
const HEADERS = 8;
const CURL = 9;

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** The log of requests on standard error (`-v`). */
export interface RequestLog {
  request(method: string, url: string, headers: Headers): void;
  response(method: string, url: string, exchange: Exchange): void;
}

/**
 * Lines as kubectl's, from level 6 on; undefined below. Credentials are masked, and bodies left out at every level: they
 * may be secrets.
 */
export function openRequestLog(
  level: number,
  { clock, err }: { readonly clock: Clock; readonly err: TextSink },
): RequestLog | undefined {
  if (level < RESPONSES) return undefined;
  const log = (text: string): void => err.write(`I${timeOf(clock)} kubectl-trace] ${text}\n`);
  return {
    request(method, address, headers) {
      const url = redactText(address);
      const sent = withoutUnknown(headers);
      if (level >= CURL) log(`"Request" curlCommand=<\n\t${curl(method, url, sent)}\n >`);
      else if (level >= REQUESTS) log(`"Request" verb="${method}" url="${url}" headers=<\n${listed(sent)} >`);
    },
    response(method, address, { status, headers, durationNanos, error, phases }) {
      const url = redactText(address);
      const about = level === RESPONSES || level >= CURL ? `verb="${method}" url="${url}" ` : '';
      const shown = level >= HEADERS ? ` headers=<\n${listed(headers)} >` : '';
      const end = error === null ? `status="${status}"` : `err=${JSON.stringify(error.message)}`;
      const parts = level >= CURL ? timings(phases) : '';
      log(`"Response" ${about}${end}${shown} milliseconds=${millis(durationNanos)}${parts}`);
    },
  };
}

const millis = (nanos: number | null): number => Math.floor((nanos ?? 0) / 1e6);

function timings({ dnsNanos, connectNanos, tlsNanos, waitNanos }: Exchange['phases']): string {
  const parts = { dnsLookup: dnsNanos, dial: connectNanos, tlsHandshake: tlsNanos, serverProcessing: waitNanos };
  return Object.entries(parts)
    .map(([name, nanos]) => ` ${name}Milliseconds=${millis(nanos)}`)
    .join('');
}

/** One a line, as Go writes their names. */
const listed = (headers: Headers): string =>
  pairs(headers)
    .map(([name, value]) => `\t${name}: ${value}\n`)
    .join('');

const curl = (method: string, url: string, headers: Headers): string =>
  [
    `curl -v -X${method} `,
    ...pairs(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    singleQuoted(url),
  ].join(' ');

/** Headers that requests of this program have, or that hold no secret in any other. */
const KNOWN =
  /^(?:accept|audit-id$|authorization$|cache-control$|content-|if-|impersonate-|kubectl-|origin$|prefer$|range$|referer$|trace(?:parent|state)$|user-agent$|via$)/;

/** A header of the user (`raw --header`) can be a secret by any name. */
const withoutUnknown = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, KNOWN.test(name) ? value : MASKED]));

const MASKED = '<masked>';

/** In double quotes as kubectl, unless a shell would find something in them. */
const quoted = (text: string): string => (/["\\$`!]/.test(text) ? singleQuoted(text) : `"${text}"`);

const singleQuoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

function pairs(headers: Headers): (readonly [name: string, value: string])[] {
  return Object.entries(headers)
    .flatMap(([name, value]) => [value].flat().map((item) => [canonical(name), masked(name, item)] as const))
    .toSorted(([one], [two]) => (one < two ? -1 : one > two ? 1 : 0));
}

const canonical = (name: string): string => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

/** Without what would break a line, and with no more of a credential than its kind. */
function masked(name: string, value: string): string {
  if (/^(proxy-)?authorization$/i.test(name)) return `${/^\S+(?= )/.exec(value)?.[0] ?? ''} <masked>`.trim();
  if (isSecretHeader(name)) return MASKED;
  return redactText(value).replace(/[^\x20-\x7e]/g, '?');
}

/** `1125 21:06:01.136008`, in UTC. */
function timeOf(clock: Clock): string {
  const now = clock.now();
  const text = new Date(Number(now / 1_000_000n)).toISOString();
  const micros = String((now / 1000n) % 1_000_000n).padStart(6, '0');
  return `${text.slice(5, 7)}${text.slice(8, 10)} ${text.slice(11, 19)}.${micros}`;
}
