/** A person in package.json: `Ada <ada@example.org> (https://example.org)`, or its parts (docs.npmjs.com). */
type Person = string | { readonly name: string; readonly email?: string };

/** The fields of package.json that name people. */
export interface NamedPeople {
  /** The package's. */
  readonly name?: string;
  readonly author?: Person;
  readonly maintainers?: readonly Person[];
}

/**
 * `NAME <ADDRESS>`, as Debian wants it: the first maintainer of package.json, or else its author, or else the committer of the
 * release, who need not maintain anything. A person without an address is passed over.
 */
export function maintainerOf({ author, maintainers = [] }: NamedPeople, committer: string): string {
  const people = [...maintainers, ...(author === undefined ? [] : [author])].map(withAddress);
  return people.find((person) => person !== undefined) ?? committer;
}

function withAddress(person: Person): string | undefined {
  if (typeof person !== 'string') return person.email === undefined ? undefined : `${person.name} <${person.email}>`;
  return /^[^<>()]+ <[^<>\s]+>/.exec(person)?.[0];
}
