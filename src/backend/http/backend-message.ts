import { isObject, list, parseJSON, text, type JSONObject } from '../../codec/json.ts';

/** More of a message is not a reason but a log. */
const MAX_LENGTH = 300;

/**
 * The backend's own words in the body of an error response, in one line of at most 300 characters; empty without any.
 * Jaeger: `{errors: [{msg}]}` and `{error: {message}}`; gRPC gateways, Grafana and Kubernetes: `{message}`; Prometheus'
 * family: `{error: "…"}`; Tempo, Zipkin and most proxies: plain text; others a page with a title. Not yet fit for a
 * terminal: the printer has to escape it.
 */
export function backendWords(body: string): string {
  const trimmed = body.trim();
  if (trimmed.startsWith('<')) return bounded(titleOf(trimmed));
  const document = parseJSON(trimmed);
  if (typeof document === 'string') return bounded(document);
  return /^(\{\s*\}|\[\s*\]|null)$/.test(trimmed)
    ? ''
    : bounded((isObject(document) ? wordsIn(document) : undefined) ?? trimmed);
}

function wordsIn({ errors, error, message, msg, detail, title }: JSONObject): string | undefined {
  const [first] = list(errors);
  const candidates = [
    isObject(first) ? (first['msg'] ?? first['message']) : first,
    isObject(error) ? (error['message'] ?? error['reason'] ?? error['msg']) : undefined,
    message,
    error,
    msg,
    detail,
    title,
  ];
  return candidates.map(text).find((words) => words.trim() !== '');
}

/** `Sign in`, the title of a page; else its first heading. */
export function titleOf(page: string): string {
  const [, title = ''] = /<title[^>]*>([^<]*)</i.exec(page) ?? /<h1[^>]*>([^<]*)</i.exec(page) ?? [];
  return title.trim();
}

/** The first line, with its blanks as one each. */
function bounded(words: string): string {
  const [line = ''] = words.trim().split(/[\r\n]/, 1);
  const one = line.replace(/\s+/g, ' ');
  return one.length <= MAX_LENGTH ? one : `${one.slice(0, MAX_LENGTH).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Names of secret headers among those that a user may give; a tenant is no secret. */
const SECRET = /auth|cookie|token|key|secret|password/i;

/** `words`, but of what was sent as a credential nothing: a proxy may repeat the request in its response. */
export function withoutCredentials(words: string, headers: Readonly<Record<string, string>>): string {
  const secrets = Object.entries(headers).flatMap(([name, value]) =>
    SECRET.test(name) ? [value, value.replace(/^\S+ +/, '')] : [],
  );
  return secrets.reduce((left, secret) => (secret === '' ? left : left.replaceAll(secret, '***')), words);
}
