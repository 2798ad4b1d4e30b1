import { UsageError } from '../../errors.ts';
import type { CommonArguments } from '../../cli/arguments.ts';
import type { InputSource } from '../../cli/input.ts';
import type { FlagValues } from '../../cli/values.ts';
import { programName } from '../../format/program-name.ts';

export interface RawInvocation extends CommonArguments {
  readonly kind: 'raw';
  readonly method: string;
  readonly path: string;
  readonly data?: InputSource;
  /** Lower-case names. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];
const WITHOUT_BODY = new Set(['GET', 'HEAD', 'OPTIONS']);

/** These say who sends what for whom: the connection and the trace decide them. */
const OWN_HEADERS =
  /^(authorization|audit-id|baggage|connection|content-length|expect|host|impersonate-.*|keep-alive|proxy-.*|te|traceparent|tracestate|trailer|transfer-encoding|upgrade|user-agent)$/;

/** `raw METHOD PATH`. */
export function parseRaw(
  positionals: readonly string[],
  values: FlagValues,
): Pick<RawInvocation, 'method' | 'path' | 'data' | 'headers'> {
  const [typed, path, ...rest] = positionals;
  if (typed === undefined || path === undefined) {
    throw new UsageError('InvalidArguments', 'You must specify a method and a path', {
      hint: `for example: ${programName()} raw GET /readyz?verbose`,
    });
  }
  if (rest[0] !== undefined) throw new UsageError('TooManyArguments', `unexpected argument "${rest[0]}"`);
  const method = typed.toUpperCase();
  if (!METHODS.includes(method)) {
    throw new UsageError('InvalidArguments', `"${typed}" is not a method`, { hint: `one of ${METHODS.join(', ')}` });
  }
  const data = values.string('data');
  if (data !== undefined && WITHOUT_BODY.has(method)) {
    throw new UsageError('InvalidArguments', `${method} has no --data`);
  }
  const headers = headersOf(values.strings('header') ?? []);
  if (method === 'PATCH' && !headers.some(([name]) => name === 'content-type')) {
    throw new UsageError('InvalidArguments', 'a PATCH must say what kind of patch it is', {
      hint: "--header 'Content-Type: application/merge-patch+json'",
    });
  }
  return {
    method,
    path,
    headers,
    ...(data !== undefined && { data: data.startsWith('@') ? { file: data.slice(1) } : { text: data } }),
  };
}

/** Messages never show a value: it may be a credential. */
function headersOf(given: readonly string[]): (readonly [string, string])[] {
  return given.map((header) => {
    const colon = header.indexOf(':');
    const name = header.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const value = header.slice(colon + 1).trim();
    // oxlint-disable-next-line no-control-regex -- a header holds none but tabs
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) || /[\0-\x08\n-\x1f\x7f]/.test(value)) {
      throw new UsageError('InvalidArguments', 'a header is not of the form "Name: value"');
    }
    if (OWN_HEADERS.test(name)) {
      throw new UsageError('InvalidArguments', `the header ${name} cannot be given`, {
        hint: 'the kubeconfig and the connection flags decide who sends the request; this command sets the trace context',
      });
    }
    return [name, value];
  });
}
