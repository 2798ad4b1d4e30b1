import type { Exchange, KubeRequest } from '../http/exchange.ts';
import { isObject, parseJSON } from '../json.ts';
import { get, selfReview } from './request.ts';

/** Who the server takes us for, without impersonation. */
export interface Identity {
  readonly username: string;
  readonly groups: readonly string[];
  /** Null without one. */
  readonly uid: string | null;
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/**
 * Requests our identity from the server (`kubectl auth whoami`, since 1.28). Requests of this purpose never
 * impersonate.
 */
export const identityRequest = (): KubeRequest =>
  selfReview('authentication.k8s.io', 'selfsubjectreviews', { kind: 'SelfSubjectReview' });

/** Undefined when the server does not say. */
export function identityOf({ status, body }: Exchange): Identity | undefined {
  if (status !== 200 && status !== 201) return undefined;
  const document = parseJSON(body);
  const review = isObject(document) && isObject(document['status']) ? document['status'] : {};
  const info = isObject(review['userInfo']) ? review['userInfo'] : {};
  const { username, groups, uid, extra } = info;
  if (typeof username !== 'string') return undefined;
  return {
    username,
    groups: texts(groups),
    uid: typeof uid === 'string' && uid !== '' ? uid : null,
    extra: isObject(extra) ? Object.fromEntries(Object.entries(extra).map(([key, value]) => [key, texts(value)])) : {},
  };
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

/** The API server's version from `GET /version`. */
export interface ServerVersion {
  /** `v1.37.2`, with a provider's suffix: `v1.33.1-gke.100`. */
  readonly gitVersion: string;
  readonly major: number;
  readonly minor: number;
}

export function versionRequest(): KubeRequest {
  return get('identity', '/version', 'application/json');
}

/** Undefined when the server does not say. Some providers write the minor version as "33+". */
export function versionOf({ status, body }: Exchange): ServerVersion | undefined {
  const document = status === 200 ? parseJSON(body) : undefined;
  if (!isObject(document) || typeof document['gitVersion'] !== 'string') return undefined;
  const [major, minor] = [document['major'], document['minor']].map((each) => Number.parseInt(String(each), 10));
  const [, fromMajor, fromMinor] = /^v(\d+)\.(\d+)/.exec(document['gitVersion']) ?? [];
  const sure = (value: number | undefined, text: string | undefined): number =>
    value !== undefined && Number.isInteger(value) ? value : Number(text ?? Number.NaN);
  const version = {
    gitVersion: document['gitVersion'],
    major: sure(major, fromMajor),
    minor: sure(minor, fromMinor),
  };
  return Number.isInteger(version.major) && Number.isInteger(version.minor) ? version : undefined;
}
