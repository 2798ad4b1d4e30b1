import type { OwnerObject } from './pod-snapshot.ts';
import { instantOf, objectOf, textOf } from './fields.ts';
import { ownersOf } from './objects.ts';

/** Undefined for what is no object. */
export function ownerOf(value: unknown): OwnerObject | undefined {
  const object = objectOf(value);
  const metadata = objectOf(object['metadata']);
  const createdAt = instantOf(metadata['creationTimestamp']);
  const uid = textOf(metadata['uid']);
  if (createdAt === undefined || uid === undefined) return undefined;
  const [owner] = ownersOf(metadata);
  return {
    kind: textOf(object['kind']) ?? '',
    name: textOf(metadata['name']) ?? '',
    uid,
    createdAt,
    ...(owner !== undefined && { owner }),
  };
}
