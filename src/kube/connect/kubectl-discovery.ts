import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../json.ts';

/** kubectl's folder for the types of a server (cli-runtime pkg/genericclioptions/config_flags.go, computeDiscoverCacheDir). */
export const discoveryFolder = (cache: string, server: string): string =>
  join(cache, 'discovery', server.replace(/^https?:\/\//, '').replace(/[^\w/.()]/g, '_'));

/** As kubectl: six hours. */
const LIFETIME_MILLIS = 6 * 60 * 60 * 1000;

/** A type of a server, as kubectl names it: `deployments.apps`. */
interface StoredType {
  readonly name: string;
  readonly group: string;
  readonly verbs: readonly unknown[];
}

/**
 * The names of all types that have a verb, in kubectl's order, from kubectl's own files. Undefined where one of them is
 * missing, is too old, or is not as kubectl writes it: then kubectl requests the types. Each type is that of the group's
 * preferred version, or of another one where only that has it (client-go discovery, ServerPreferredResources).
 */
export function storedTypeNames(folder: string, verb: string, nowMillis: number): readonly string[] | undefined {
  try {
    const types = readGroups(join(folder, 'servergroups.json'), nowMillis).flatMap(({ name, preferred, versions }) => {
      const found = new Map<string, StoredType>();
      for (const version of [preferred, ...versions.filter((one) => one !== preferred)]) {
        for (const type of readTypes(join(folder, version, 'serverresources.json'), name, nowMillis)) {
          if (!found.has(type.name)) found.set(type.name, type);
        }
      }
      return [...found.values()];
    });
    return types
      .filter(({ verbs }) => verbs.includes(verb))
      .sort((one, other) => compare(one.group, other.group) || compare(one.name, other.name))
      .map(({ name, group }) => (group === '' ? name : `${name}.${group}`));
  } catch {
    return undefined;
  }
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

interface StoredGroup {
  readonly name: string;
  /** Group and version: `apps/v1`. */
  readonly preferred: string;
  readonly versions: readonly string[];
}

function readGroups(file: string, nowMillis: number): readonly StoredGroup[] {
  return listOf(readFresh(file, nowMillis)['groups']).map((group) => ({
    name: textOf(group['name']),
    preferred: versionOf(group['preferredVersion']),
    versions: listOf(group['versions']).map(versionOf),
  }));
}

/** A group's version is part of a path. */
function versionOf(value: unknown): string {
  const version = isObject(value) ? textOf(value['groupVersion']) : '';
  if (!/^[\w.-]+(?:\/[\w-]+)?$/.test(version) || version.startsWith('.')) throw new Error('not a version');
  return version;
}

/** Subresources are no types. */
const readTypes = (file: string, group: string, nowMillis: number): readonly StoredType[] =>
  listOf(readFresh(file, nowMillis)['resources'])
    .map(({ name, verbs }) => ({ name: textOf(name), group, verbs: Array.isArray(verbs) ? verbs : [] }))
    .filter(({ name }) => !name.includes('/'));

function readFresh(file: string, nowMillis: number): Readonly<Record<string, unknown>> {
  if (nowMillis > statSync(file).mtimeMs + LIFETIME_MILLIS) throw new Error('too old');
  const document = JSON.parse(readFileSync(file, 'utf8')) as unknown;
  if (!isObject(document)) throw new Error('not an object');
  return document;
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value) || !value.every(isObject)) throw new Error('not a list of objects');
  return value;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new Error('not a string');
  return value;
}
