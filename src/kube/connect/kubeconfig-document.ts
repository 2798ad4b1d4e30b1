import { isObject } from '../json.ts';
import { malformed } from './entry-reader.ts';
import { readPlainJSON } from './plain-json.ts';
import { readPlainYAML } from './plain-yaml.ts';

/**
 * The mapping in the bytes of a kubeconfig, as kubectl reads it: its first YAML document, by sigs.k8s.io/yaml. Without
 * content it is empty. `file` names it in errors, which quote nothing of it. Rejects with a UsageError.
 */
export async function readDocument(bytes: Uint8Array, file: string): Promise<Record<string, unknown>> {
  const document = await readFirstDocument(decode(bytes, file), file);
  if (document == null) return {};
  if (!isObject(document)) throw malformed(file, 'it is not a mapping');
  checkType(document, file);
  return document;
}

/** The first document of a YAML text, undefined when it has none. `file` is as above. Rejects with a UsageError. */
export const readFirstDocument = async (text: string, file: string): Promise<unknown> =>
  readPlainJSON(text) ?? readPlainYAML(text) ?? (await parse(firstDocument(text), file));

/** The byte order mark names the encoding; without one it is UTF-8 (yaml/v2 readerc.go). */
function decode(bytes: Uint8Array, file: string): string {
  const [first, second] = bytes;
  const encoding = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : '';
  try {
    return new TextDecoder(encoding || 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed(file, `yaml: it is not valid ${encoding === '' ? 'UTF-8' : 'UTF-16'}`);
  }
}

/** Up to the mark that begins or ends another document: what follows is not even read. */
function firstDocument(text: string): string {
  let hasBegun = false;
  let position = 0;
  for (const line of text.split(/(?<=\n)/)) {
    const isMark = /^(?:---|\.\.\.)(?:\s|$)/.test(line);
    if (isMark && hasBegun) return text.slice(0, position);
    if (isMark || !/^(?:\s*(?:#.*)?$|%)/.test(line.trimEnd())) hasBegun = true;
    position += line.length;
  }
  return text;
}

/** Those of readerc.go: YAML 1.1 allows no others. */
const NOT_PRINTABLE = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

async function parse(text: string, file: string): Promise<unknown> {
  if (text.trim() === '') return undefined;
  if (NOT_PRINTABLE.test(text)) throw malformed(file, 'yaml: control characters are not allowed');
  try {
    const { parseYAML } = await import('../manifest/yaml.ts');
    return parseYAML(text)[0];
  } catch (error) {
    // The parser's full message quotes lines of the file.
    const { reason, mark } = error as { reason?: string; mark?: { line: number } };
    const why = error instanceof RangeError ? 'it is nested too deeply' : (reason ?? 'not valid');
    throw malformed(file, `yaml: ${mark === undefined ? '' : `line ${mark.line + 1}: `}${why}`);
  }
}

/** Without them it is a Config of v1 (client-go tools/clientcmd/loader.go, Load). */
function checkType(document: Record<string, unknown>, file: string): void {
  const apiVersion = document['apiVersion'] ?? '';
  const kind = document['kind'] ?? '';
  if (typeof apiVersion !== 'string') throw malformed(file, 'its apiVersion is not a string');
  if (typeof kind !== 'string') throw malformed(file, 'its kind is not a string');
  if (kind !== '' && kind !== 'Config') throw malformed(file, 'its kind is not Config');
  if (!['', 'v1', '/v1'].includes(apiVersion)) throw malformed(file, 'its apiVersion is not v1');
}
