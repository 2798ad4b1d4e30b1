/** A type of object that the server has, from discovery. */
export interface ResourceType {
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  /** The plural, as in paths: `nodes`. */
  readonly resource: string;
  readonly kind: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
}

/**
 * The type that a typed name means: plural, singular, kind or short name, alone or followed by `.GROUP` or
 * `.VERSION.GROUP`. `types` come in the server's order (core first, each group's preferred version first), and the first
 * match counts, as in client-go (restmapper/shortcut.go, restmapper/discovery.go): names before short names before
 * kinds; a group may be shortened where no group has the very name (`ingresses.networking`).
 */
export function findResourceType(typed: string, types: readonly ResourceType[]): ResourceType | undefined {
  const [name = '', ...rest] = typed.split('.');
  const names: TypeName[] = [];
  // `deployments.v1.apps` before `deployments` of a group `v1.apps`, as kubectl's builder has it.
  if (rest.length >= 2) names.push({ name, version: rest[0]!, group: rest.slice(1).join('.') });
  names.push({ name, group: rest.join('.') });
  for (const typeName of names) {
    for (const matches of [isName, isShortName, isKind]) {
      const named = types.filter((type) => matches(type, typeName.name) && hasVersion(type, typeName));
      const found = inGroup(named, typeName);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/**
 * The types that a typed short name could mean besides the one that it means (client-go restmapper/shortcut.go): none
 * where a type has it as its name.
 */
export function ambiguousTypes(typed: string, types: readonly ResourceType[]): ResourceType[] {
  const [name = '', ...rest] = typed.split('.');
  const ofGroup = (group: string): ResourceType[] => types.filter((type) => group === '' || type.group === group);
  // `w.v1.apps` is a version and a group before it is a group.
  const versioned = rest.length >= 2 ? ofGroup(rest.slice(1).join('.')) : [];
  const possible = versioned.length > 0 ? versioned : ofGroup(rest.join('.'));
  if (possible.some(({ resource, singular }) => name === resource || name === singular)) return [];
  const [meant, ...others] = possible.filter((type) => type.shortNames.includes(name));
  if (meant === undefined) return [];
  const id = (type: ResourceType): string => `${type.resource}.${type.group}`;
  const byName = new Map(others.filter((type) => id(type) !== id(meant)).map((type) => [id(type), type]));
  return [...byName.values()];
}

interface TypeName {
  readonly name: string;
  readonly version?: string;
  /** "": any. */
  readonly group: string;
}

const isName = (type: ResourceType, name: string): boolean =>
  type.resource === name.toLowerCase() || type.singular === name.toLowerCase();
const isShortName = (type: ResourceType, name: string): boolean => type.shortNames.includes(name);
const isKind = (type: ResourceType, name: string): boolean => type.kind.toLowerCase() === name.toLowerCase();
const hasVersion = (type: ResourceType, { version }: TypeName): boolean =>
  version === undefined || type.version === version;

function inGroup(types: readonly ResourceType[], { group, version }: TypeName): ResourceType | undefined {
  if (group === '') return types[0];
  const exact = types.find((type) => type.group === group);
  // apimachinery pkg/api/meta/restmapper.go: no shortened group where the version is given.
  return exact ?? (version === undefined ? types.find((type) => type.group.startsWith(group)) : undefined);
}
