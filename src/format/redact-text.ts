import { once } from './once.ts';
import { isSecretName } from './secret-names.ts';

export const REDACTED = 'REDACTED';

/**
 * A text with what looks like a credential replaced, whatever it stands in: passwords and tokens in URLs, values of
 * headers, settings and JSON members that are called like secrets, tokens and private keys. The rest stays readable.
 */
export function redactText(text: string): string {
  if (isHarmless(text)) return text;
  return redactPatterns(redactMembers(text))
    .replace(header(), (whole, name: string, before: string, value: string) =>
      isSecretName(name) && !isReference(value) ? `${name}${before}${REDACTED}` : whole,
    )
    .replace(setting(), (whole, name: string, equals: string) =>
      isSecretName(name) ? `${name}${equals}${REDACTED}` : whole,
    );
}

/** Shorter than any credential that is known by its form, and nothing that has a name for its value. */
const isHarmless = (text: string): boolean => text.length < 13 && /^[\w.-]*$/.test(text);

/** `Authorization: Bearer x`, `password: x`: up to the end of its line, or of the quotes that it stands in. */
const header = once(() => /(?<![\w.-])([A-Za-z_][\w.-]{0,80})(:[ \t]+)([^\s"'][^\n"']*)/g);

/** `PASSWORD=x` after blanks, quotes or separators; up to the next of them. */
const setting = once(() => /(?<=[\s"';&?,(])([A-Za-z_][\w.[\]-]{0,80})(=)(?:"[^"]*"|'[^']*'|[^\s"';&)]+)/g);

/** Filled in by a shell that is yet to come. */
const isReference = (value: string): boolean => /^\$[({]?\w+[)}]?$/.test(value);

function redactPatterns(text: string): string {
  return text
    .replace(privateKey(), REDACTED)
    .replace(userInfoOfURL(), (whole, scheme: string, user: string, password: string | undefined) =>
      userInfo(whole, scheme, user, password),
    )
    .replace(parameter(), (whole, before: string, name: string) =>
      isSecretName(name) ? `${before}${name}=${REDACTED}` : whole,
    )
    .replace(authScheme(), `$1 ${REDACTED}`)
    .replace(jwt(), REDACTED)
    .replace(knownToken(), REDACTED);
}

const privateKey = once(
  () => /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
);

/** `https://user:password@host`. The password may hold a colon; what ends it is the last @ before the path. */
const userInfoOfURL = once(
  () => /(?<![A-Za-z0-9+.-])([A-Za-z][A-Za-z0-9+.-]{0,30}:\/\/)([^/?#@:\s"']*)(?::([^/?#\s"']*))?@/g,
);

/** A user without a password is a token where the scheme has no user names; ssh://git@host has one. */
function userInfo(whole: string, scheme: string, user: string, password: string | undefined): string {
  if (password === undefined) return /^https?:/i.test(scheme) && user !== '' ? `${scheme}${REDACTED}@` : whole;
  // GitHub takes a token as the user, with this password or without any.
  const isToken = password === '' || password === 'x-oauth-basic';
  return `${scheme}${isToken ? REDACTED : user}:${REDACTED}@`;
}

const parameter = once(() => /([?&#])([\w.[\]-]{1,80})=[^&#\s"']+/g);

const authScheme = once(
  () => /\b(Bearer|Basic|Digest|Negotiate|Token|Splunk|ApiKey)[ +](?!\$|@|REDACTED)[\w+/.~:=-]{8,}/gi,
);

/** RFC 7519: two or three parts of base64url, of which the first is a JSON object. */
const jwt = once(() => /(?<![\w-])eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g);

/** Tokens that say what they are: of GitHub, GitLab, Slack, AWS, Google, Stripe, npm, Vault and kubeadm. */
const knownToken = once(
  () =>
    /(?<![\w-])(?:gh[oprsu]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|A[KS]IA[A-Z\d]{16}|AIza[\w-]{30,}|[rs]k_(?:live|test)_\w{16,}|sk-[\w-]{20,}|npm_\w{30,}|hv[bs]\.[\w-]{20,}|[a-z\d]{6}\.[a-z\d]{16}(?![\w.-]))/g,
);

/** `"password": "x"` in JSON, also escaped in another text; and the value of a variable that is called so. */
function redactMembers(text: string): string {
  if (!text.includes(':')) return text;
  return text
    .replace(member(), (whole, name: string, colon: string) =>
      isSecretName(name) ? `"${name}"${colon}"${REDACTED}"` : whole,
    )
    .replace(variable(), (whole, before: string, name: string, between: string) =>
      isSecretName(name) ? `${before}${name}${between}"${REDACTED}"` : whole,
    );
}

const member = once(() => /"([\w.$/-]{1,80})"(\s{0,20}:\s{0,20})(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*)/g);
const variable = once(
  () => /("name"\s{0,20}:\s{0,20}")([\w.-]{1,80})("\s{0,20},\s{0,20}"value"\s{0,20}:\s{0,20})"(?:[^"\\]|\\.)*"/g,
);
