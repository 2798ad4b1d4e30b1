import { UsageError } from '../../errors.ts';
import { isObject } from '../json.ts';
import { parseJSONDocument, splitJSON } from './json.ts';

/** One object of a file, as it was written. */
export interface Manifest {
  /** The file as it was named, or STDIN. */
  readonly source: string;
  readonly object: Record<string, unknown>;
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** "" without one. */
  readonly name: string;
  readonly namespace: string;
}

/**
 * The objects of a text: YAML or JSON, several documents, and the items of lists. Documents without content are passed
 * over. Throws a UsageError, which names file and line and quotes nothing: the text may hold Secrets.
 */
export async function readManifests(text: string, source: string): Promise<Manifest[]> {
  // kubectl reads a file by lines, and ends each of them.
  const documents = await parseDocuments(/[\r\n]$/.test(text) ? text : `${text}\n`, source);
  return documents.filter((document) => document != null).flatMap((document) => flatten(document, source));
}

/** k8s.io/apimachinery pkg/util/yaml/decoder.go, IsJSONBuffer. */
export const looksLikeJSON = (text: string): boolean => /^\s*\{/.test(text);

/** As kubectl decides it: a text that begins with a brace is JSON, unless it turns out to be YAML. */
export async function parseDocuments(text: string, source: string): Promise<unknown[]> {
  const isJSON = looksLikeJSON(text);
  if (isJSON) {
    const documents = parseAsJSON(text);
    if (documents !== undefined) return documents;
  }
  const { parseYAML } = await import('./yaml.ts');
  try {
    return parseYAML(text);
  } catch (error) {
    const { reason, mark } = error as { reason?: string; mark?: { line?: number } };
    const line = mark?.line === undefined ? '' : `line ${mark.line + 1}: `;
    const why = error instanceof RangeError ? 'it is nested too deeply' : (reason ?? 'not valid');
    throw new UsageError('MalformedInput', `error parsing ${source}: ${line}${why}`, {
      hint: isJSON ? 'it begins as JSON and is neither JSON nor YAML' : 'nothing was sent',
    });
  }
}

function parseAsJSON(text: string): unknown[] | undefined {
  try {
    return [parseJSONDocument(text)];
  } catch {
    // Several, or YAML's flow style.
  }
  try {
    return splitJSON(text)?.map(parseJSONDocument);
  } catch {
    return undefined;
  }
}

/** Whatever has a list of items is a list; items without a kind are what the list's kind says. */
function flatten(document: unknown, source: string): Manifest[] {
  if (!isObject(document)) throw invalid(source, 'a document is not an object');
  const { apiVersion, kind, items } = document;
  if (!Array.isArray(items)) return [manifest(document, source)];
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') throw invalid(source, missing(document));
  const itemKind = kind.replace(/List$/, '');
  return items.flatMap((item: unknown) => {
    if (!isObject(item)) throw invalid(source, `an item of a ${kind} is not an object`);
    const typed = item['kind'] === undefined && itemKind !== '' ? { ...item, apiVersion, kind: itemKind } : item;
    return flatten(typed, source);
  });
}

function manifest(object: Record<string, unknown>, source: string): Manifest {
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== 'string' || apiVersion === '' || typeof kind !== 'string' || kind === '') {
    throw invalid(source, missing(object));
  }
  const metadata = object['metadata'] ?? {};
  if (!isObject(metadata)) throw invalid(source, 'metadata is not an object');
  const text = (key: string): string => {
    const value = metadata[key] ?? '';
    if (typeof value !== 'string') throw invalid(source, `metadata.${key} is not a string`);
    return value;
  };
  const slash = apiVersion.indexOf('/');
  return {
    source,
    object,
    group: slash === -1 ? '' : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind,
    name: text('name'),
    namespace: text('namespace'),
  };
}

const missing = (object: Record<string, unknown>): string =>
  ['apiVersion', 'kind']
    .filter((key) => typeof object[key] !== 'string' || object[key] === '')
    .map((key) => `${key} not set`)
    .join(', ');

const invalid = (source: string, why: string): UsageError =>
  new UsageError('MalformedInput', `error validating ${JSON.stringify(source)}: ${why}`, { hint: 'nothing was sent' });
