import { isUtf8 } from 'node:buffer';
import type { Platform } from '../../platform.ts';
import { EntryReader, type Origin } from './entry-reader.ts';
import { isObject } from '../json.ts';
import { readFirstDocument } from './kubeconfig-document.ts';
import { ALLOW_ALL, type PluginPolicy } from './plugin-policy.ts';

/** The fields of a kuberc that are checked or used here. */
export interface Preference {
  readonly policy: PluginPolicy;
  readonly aliases: readonly { readonly name: string; readonly options: readonly string[] }[];
  /** The names of the options of all `defaults`. */
  readonly options: readonly string[];
  /** The commands that have `defaults`, as they are typed: `get`, `rollout status`. */
  readonly commands: readonly string[];
  /** Fields that its version does not have. kubectl warns of them and goes on. */
  readonly unknown: readonly string[];
}

/**
 * The first document of a kuberc that is a Preference of a version that kubectl 1.37 knows; the others are passed over.
 * Undefined for a file without documents (k8s.io/kubectl pkg/kuberc/marshal.go, decodePreference). `file` names it.
 * Rejects with an Error, in kubectl's words, when none of its documents is one.
 */
export async function readPreference(
  bytes: Uint8Array,
  file: string,
  platform: Platform,
): Promise<Preference | undefined> {
  let isEmpty = true;
  const isValidText = isUtf8(bytes) || isUTF16(bytes);
  for (const text of documentsOf(bytes)) {
    isEmpty = false;
    const preference = await decoded(text, { file, folder: '', platform }, isValidText).catch(() => undefined);
    if (preference !== undefined) return preference;
  }
  if (isEmpty) return undefined;
  throw new Error(`no valid preferences found in ${file}`);
}

/**
 * The parts between lines that begin with `---` (apimachinery pkg/util/yaml/decoder.go, YAMLReader). Throws in Go's words
 * at a line that goes on with something else, when it comes to it.
 */
function* documentsOf(bytes: Uint8Array): Generator<string> {
  // Go looks for the lines in the bytes, and finds none in UTF-16.
  if (isUTF16(bytes)) {
    yield new TextDecoder('utf-16be').decode(bytes);
    return;
  }
  const text = new TextDecoder().decode(bytes);
  let document = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('---')) {
      const rest = line.slice(3).trim();
      if (rest !== '' && !rest.startsWith('#')) throw new Error(`invalid Yaml document separator: ${rest}`);
      if (document !== '') {
        if (document.trim() !== '') yield document;
        document = '';
        continue;
      }
    }
    document += `${line}\n`;
  }
  if (document.trim() !== '') yield document;
}

/**
 * UTF-16 that kubectl can read: its first byte is the greater one, and the last line ends. In any other it adds a line end
 * of one byte, which is half a character.
 */
const isUTF16 = (bytes: Uint8Array): boolean => bytes[0] === 0xfe && bytes[1] === 0xff && bytes.at(-1) === 0x0a;

/** Field names of one version of Preference. */
interface Version {
  readonly defaults: string;
  readonly options: string;
  readonly hasPolicy: boolean;
  /** The internal version has no names for JSON: there the fields are called as in Go. */
  readonly isInternal?: true;
}

/** v1alpha1 has no policy: one that stands in it is an unknown field. */
const VERSIONS: ReadonlyMap<string, Version> = new Map([
  ['kubectl.config.k8s.io/v1beta1', { defaults: 'defaults', options: 'options', hasPolicy: true }],
  ['kubectl.config.k8s.io/v1alpha1', { defaults: 'overrides', options: 'flags', hasPolicy: false }],
  ['kubectl.config.k8s.io/__internal', { defaults: 'defaults', options: 'options', hasPolicy: true, isInternal: true }],
]);

/** Undefined for another kind of object. Rejects for a document that cannot be read. */
async function decoded(text: string, origin: Origin, isValidText: boolean): Promise<Preference | undefined> {
  const isJSON = /^\s*\{/.test(text);
  // Go's JSON replaces bytes that are not UTF-8, its YAML refuses them.
  if (!isJSON && text.includes('\ufffd') && !isValidText) throw new Error('it is not valid UTF-8');
  // A document that begins as JSON is not read as YAML.
  const document: unknown = isJSON ? JSON.parse(text) : await readFirstDocument(text, origin.file);
  if (!isObject(document) || typeField(document, 'kind', isJSON) !== 'Preference') return undefined;
  const version = VERSIONS.get(typeField(document, 'apiVersion', isJSON) ?? '');
  if (version === undefined) return undefined;
  const read = new EntryReader(document, '', origin);
  const field = (name: string): string => (version.isInternal ? `${name[0]?.toUpperCase()}${name.slice(1)}` : name);
  const names = (each: EntryReader): string[] =>
    (each.mappings(field(version.options)) ?? []).map((option) => {
      option.text(field('default'));
      return option.text(field('name')) ?? '';
    });
  const commands: string[] = [];
  const options = (read.mappings(field(version.defaults)) ?? []).flatMap((each) => {
    commands.push(each.text(field('command')) ?? '');
    return names(each);
  });
  const aliases = (read.mappings(field('aliases')) ?? []).map((each) => {
    each.text(field('command'));
    each.texts(field('prependArgs'));
    each.texts(field('appendArgs'));
    return { name: each.text(field('name')) ?? '', options: names(each) };
  });
  const policy = version.hasPolicy ? policyOf(read, field) : ALLOW_ALL;
  const known = new Set(['apiVersion', 'kind', field('aliases'), field(version.defaults)]);
  if (version.hasPolicy) known.add(field('credentialPluginPolicy')).add(field('credentialPluginAllowlist'));
  return { policy, aliases, options, commands, unknown: Object.keys(document).filter((name) => !known.has(name)) };
}

/** Go's encoding/json takes either case for it, and the last one counts; sigs.k8s.io/yaml sorts them before. */
function typeField(document: Readonly<Record<string, unknown>>, name: string, isJSON: boolean): string | undefined {
  const fields = Object.keys(document).filter((key) => key.toLowerCase() === name.toLowerCase());
  const values = (isJSON ? fields : fields.toSorted()).map((key) => document[key] ?? undefined);
  if (values.some((value) => value !== undefined && typeof value !== 'string')) return undefined;
  return values.findLast((value) => value !== undefined) as string | undefined;
}

/** `name` is what `command` was called before 1.36 (k8s.io/kubectl pkg/config/v1beta1/conversion.go). */
function policyOf(read: EntryReader, field: (name: string) => string): PluginPolicy {
  const allowlist = read.mappings(field('credentialPluginAllowlist'))?.map((entry) => {
    const command = entry.text(field('command'));
    // The internal version never had it.
    const name = field('name') === 'name' ? entry.text('name') : undefined;
    if (name !== undefined && command !== undefined && name !== command) throw new Error('name and command differ');
    return command ?? name ?? '';
  });
  return { type: read.text(field('credentialPluginPolicy')) ?? '', allowlist };
}
