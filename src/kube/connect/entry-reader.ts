import { UsageError } from '../../errors.ts';
import { isAbsolutePath, type Platform } from '../../platform.ts';
import { isObject } from '../json.ts';

/** Where a value was read, for error messages, and what relative paths are relative to. */
export interface Origin {
  readonly file: string;
  readonly folder: string;
  readonly platform: Platform;
}

/**
 * Reads the fields of one mapping of a kubeconfig with the types that client-go has for them (tools/clientcmd/api/v1/
 * types.go). As in Go, null and an empty string count as no value. A value of another type is refused even where it is
 * not used.
 */
export class EntryReader {
  readonly origin: Origin;
  readonly #entry: Readonly<Record<string, unknown>>;
  /** The path of the mapping, for messages; "" for the document itself. */
  readonly #what: string;

  constructor(entry: Readonly<Record<string, unknown>>, what: string, origin: Origin) {
    this.origin = origin;
    this.#entry = entry;
    this.#what = what;
  }

  text(name: string): string | undefined {
    const value = this.#any(name);
    if (value === undefined || value === '') return undefined;
    if (typeof value !== 'string') throw this.#wrong(name, 'a string');
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.#any(name);
    if (value !== undefined && typeof value !== 'boolean') throw this.#wrong(name, 'true or false');
    return value;
  }

  path(name: string): string | undefined {
    return this.#absolute(this.text(name));
  }

  /** A command with a separator is a path, any other is looked up in PATH (client-go tools/clientcmd/loader.go). */
  command(name: string): string | undefined {
    const value = this.text(name);
    return value?.includes(this.origin.platform.path.sep) === true ? this.#absolute(value) : value;
  }

  /** As Go's encoding/base64 takes it: with its padding, and with line breaks anywhere. */
  base64(name: string): string | undefined {
    const value = this.text(name);
    const plain = value?.replace(/[\r\n]/g, '') ?? '';
    const isValid = plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain);
    if (!isValid) throw this.#wrong(name, 'base64');
    return plain === '' ? undefined : plain;
  }

  /** Null in it is an empty string. */
  texts(name: string): string[] | undefined {
    const value = this.#any(name);
    if (value === undefined) return undefined;
    const isList = Array.isArray(value) && value.every((item) => item === null || typeof item === 'string');
    if (!isList) throw this.#wrong(name, 'a list of strings');
    return value.map((item: string | null) => item ?? '');
  }

  mapping(name: string): EntryReader | undefined {
    const value = this.#any(name);
    if (value === undefined) return undefined;
    if (!isObject(value)) throw this.#wrong(name, 'a mapping');
    return new EntryReader(value, this.#pathOf(name), this.origin);
  }

  /** A list of mappings; null in it is an empty one. */
  mappings(name: string): EntryReader[] | undefined {
    const value = this.#any(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw this.#wrong(name, 'a list');
    return value.map((item: unknown) => {
      if (item !== null && !isObject(item))
        throw malformed(this.origin.file, `an item of ${this.#pathOf(name)} is not a mapping`);
      return new EntryReader(item ?? {}, this.#pathOf(name), this.origin);
    });
  }

  /** A list of `name` and `key`, by name. The same name twice is refused (tools/clientcmd/api/v1/conversion.go). */
  named<Entry>(name: string, key: string, read: (entry: EntryReader) => Entry): Map<string, Entry> {
    const entries = new Map<string, Entry>();
    for (const item of this.mappings(name) ?? []) {
      const own = item.text('name') ?? '';
      if (entries.has(own)) {
        throw malformed(this.origin.file, `duplicate name ${JSON.stringify(own)} in ${this.#pathOf(name)}`);
      }
      const entry = item.#any(key);
      if (entry !== undefined && !isObject(entry)) throw malformed(this.origin.file, `${key} is not a mapping`);
      entries.set(own, read(new EntryReader(entry ?? {}, key, this.origin)));
    }
    return entries;
  }

  /** All fields, which are strings. */
  allTexts(): Record<string, string> {
    return Object.fromEntries(Object.keys(this.#entry).map((key) => [key, this.text(key) ?? '']));
  }

  /** All fields, which are lists of strings. */
  allLists(): Record<string, string[]> {
    return Object.fromEntries(Object.keys(this.#entry).map((key) => [key, this.texts(key) ?? []]));
  }

  extension(name: string): unknown {
    const found = this.mappings('extensions')?.find((each) => each.text('name') === name);
    return found === undefined ? undefined : found.#any('extension');
  }

  checkExtensions(): void {
    const names = new Set<string>();
    for (const each of this.mappings('extensions') ?? []) {
      const name = each.text('name') ?? '';
      if (names.has(name)) {
        throw malformed(this.origin.file, `duplicate name ${JSON.stringify(name)} in ${this.#pathOf('extensions')}`);
      }
      // conversion.go checks for an earlier value, and null does not count as one.
      if (each.#any('extension') !== undefined) names.add(name);
    }
  }

  #any(name: string): unknown {
    return Object.hasOwn(this.#entry, name) ? (this.#entry[name] ?? undefined) : undefined;
  }

  #absolute(path: string | undefined): string | undefined {
    const { folder, platform } = this.origin;
    return path === undefined || isAbsolutePath(path, platform) ? path : platform.path.join(folder, path);
  }

  #pathOf(name: string): string {
    return this.#what === '' ? name : `${this.#what}.${name}`;
  }

  #wrong(name: string, wanted: string): UsageError {
    return malformed(this.origin.file, `${this.#pathOf(name)} is not ${wanted}`);
  }
}

/** `why` must not quote the file: the next word in it may be a token. */
export function malformed(file: string, why: string): UsageError {
  return new UsageError('MalformedKubeconfig', `error loading config file "${file}": ${why}`);
}
