import { isPlainParameter, isVocabulary } from './vocabulary.ts';

/** Six hexadecimal digits, the same for the same text. The text cannot be computed from them. */
export type Digest = (text: string) => string;

/** Every repetition that something else has to follow is bounded: a text may be long, and consist of beginnings alone. */
const URL_PATTERN = /[A-Za-z][A-Za-z0-9+.-]{0,20}:\/\/[^\s"'<>`]+/;
const ADDRESS =
  /\b\d{1,3}(?:\.\d{1,3}){3}\b(?::\d+)?|\[[0-9A-Fa-f:.%]+\](?::\d+)?|(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{1,4}\b/;
const QUOTED = /"[^"\n]*"/;
const ACCOUNT = /\bsystem:(?:serviceaccount|node|bootstrap):[^\s",;)]+/;
const PATH = /(?<![\w.…])\/[^\s"',;)]+/;
/**
 * A host or an image, with what follows it. In lower case alone, and not the beginning of a method's name:
 * `runtime.v1.ImageService/PullImage`.
 */
const DOMAIN =
  /\b(?!v?\d{1,40}[.\d]{0,80}\b)[a-z0-9](?:[a-z0-9-]{0,127}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,127}[a-z0-9])?)+\b(?!\.?[A-Z_]|[\w-])(?::\d+)?(?:\/[^\s"',;)]*)?/;
const WORD = /[A-Za-z0-9](?:[\w.@-]*[A-Za-z0-9])?/;

/** Parts of a sentence that may identify a cluster; the first alternative that fits is taken. */
const IDENTIFYING = new RegExp(
  [URL_PATTERN, ADDRESS, QUOTED, ACCOUNT, PATH, DOMAIN, WORD].map(({ source }) => `(${source})`).join('|'),
  'gu',
);

/**
 * Replaces the names of objects, machines and people, each always by the same word. A text that has been replaced once
 * is replaced wherever it occurs as a word.
 */
export class Pseudonyms {
  readonly #digest: Digest;
  /** Pseudonyms by what they stand for. */
  protected readonly known = new Map<string, string>();

  constructor(digest: Digest) {
    this.#digest = digest;
  }

  name(text: string): string {
    return isVocabulary(text) ? text : this.#pseudonym('name', text);
  }

  host(text: string): string {
    return text === '' ? '' : this.#pseudonym('host', text);
  }

  /** A text that may identify something; nothing else is known of it. */
  secret(text: string): string {
    return isVocabulary(text) ? text : `text-${this.#digest(text)}`;
  }

  /** `/api/v1/namespaces/shop/pods/web?labelSelector=…`, or a key of etcd's: what Kubernetes named stays. */
  path(text: string): string {
    const [path, query] = splitOnce(text, '?');
    const redacted = path
      .split('/')
      .map((part) => this.name(part))
      .join('/');
    return query === undefined ? redacted : `${redacted}?${this.query(query)}`;
  }

  /** Without the question mark. */
  query(text: string): string {
    const parameters = text.split('&').map((parameter) => {
      const [name, value] = splitOnce(parameter, '=');
      if (value === undefined) return this.name(name);
      return isPlainParameter(name) ? parameter : `${name}=${this.secret(value)}`;
    });
    return parameters.join('&');
  }

  url(text: string): string {
    const [, scheme = '', authority = '', path = ''] = /^([^/]*\/\/)([^/?#]*)(.*)$/s.exec(text) ?? [];
    return scheme === '' ? this.secret(text) : `${scheme}${this.host(authority)}${this.path(path)}`;
  }

  /** A sentence. */
  text(text: string): string {
    return text.replace(IDENTIFYING, (...match: readonly (string | undefined)[]) => {
      const [found = '', url, address, quoted, account, path, domain] = match;
      if (url !== undefined) return this.url(found);
      if (address !== undefined) return this.host(found);
      if (quoted !== undefined) return `"${this.#quoted(found.slice(1, -1))}"`;
      if (account !== undefined)
        return found
          .split(':')
          .map((part, index) => (index < 2 ? part : this.name(part)))
          .join(':');
      if (path !== undefined) return this.path(found);
      if (domain !== undefined) return this.path(found);
      return isVocabulary(found) ? found : (this.known.get(found) ?? found);
    });
  }

  /** One word of a command line: a flag stays, and what is given with it does not. */
  argument(word: string): string {
    const flag = /(?:--?[a-zA-Z][\w-]*=|-[a-zA-Z](?=.)(?!-))*/sy;
    const flags = flag.exec(word)?.[0] ?? '';
    return flags + this.#value(word.slice(flags.length));
  }

  #value(word: string): string {
    if (/^(--?|--[a-z][a-z-]*|-[a-zA-Z])$/.test(word)) return word;
    if (word.includes('://')) return this.url(word);
    return /^(\/|[\w.]+\/[\w.-]+$)/.test(word) ? this.path(word) : this.name(word);
  }

  #quoted(text: string): string {
    if (text.includes('://')) return this.url(text);
    return text.startsWith('/') ? this.path(text) : this.name(text);
  }

  #pseudonym(kind: string, text: string): string {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const pseudonym = `${kind}-${this.#digest(text)}`;
    if (text.length > 1) this.known.set(text, pseudonym);
    return pseudonym;
  }
}

function splitOnce(text: string, separator: string): [string, string?] {
  const index = text.indexOf(separator);
  return index === -1 ? [text] : [text.slice(0, index), text.slice(index + separator.length)];
}
