import type { Instant } from '../fields.ts';
import { isObserved, type WorkloadObject } from './object.ts';

/**
 * - `done`: `kubectl rollout status` ends with exit code 0; of a Job: Complete.
 * - `progressing`: it waits for more.
 * - `failed`: `kubectl rollout status` ends with exit code 1; of a Job: Failed.
 * - `suspended`: its controller waits on purpose until the spec is changed.
 */
export const WORKLOAD_STATES = ['done', 'progressing', 'failed', 'suspended'] as const;
export type WorkloadState = (typeof WORKLOAD_STATES)[number];

/** Null where the kind has no such count. */
export interface WorkloadCounts {
  readonly wanted: number | null;
  /** Pods that exist and are neither finished nor terminating. */
  readonly current: number | null;
  /** Those of the newest revision. */
  readonly updated: number | null;
  readonly ready: number | null;
  readonly available: number | null;
  /** Pods, or indexes, of a Job. */
  readonly succeeded: number | null;
  readonly failed: number | null;
}

/** State from a workload's own status, before its pods are judged. */
export interface Reported {
  readonly state: WorkloadState;
  /** Kubernetes' own word: `ProgressDeadlineExceeded`, `BackoffLimitExceeded`. */
  readonly reason: string | null;
  /** One sentence without its period: how far it is, or why it makes no progress. */
  readonly message: string;
  readonly counts: WorkloadCounts;
  readonly revision: string | null;
  /** Since when it is in this state, as far as the object says. */
  readonly since: Instant;
  /** Each worth one line beside the verdict. */
  readonly remarks: readonly string[];
}

export interface WorkloadStatus extends Reported {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly generation: number | null;
  readonly observedGeneration: number | null;
}

export const NO_COUNTS: WorkloadCounts = {
  wanted: null,
  current: null,
  updated: null,
  ready: null,
  available: null,
  succeeded: null,
  failed: null,
};

type Optional = Partial<Pick<Reported, 'reason' | 'revision' | 'since' | 'remarks'>>;

/** A status of a state that needs no more than its sentence. */
export const reported = (
  object: WorkloadObject,
  state: WorkloadState,
  message: string,
  counts: WorkloadCounts,
  { reason = null, revision = null, since = object.changedAt, remarks = [] }: Optional = {},
): Reported => ({ state, reason, message, counts, revision, since, remarks });

/** State that every controller of pods reports before it has seen the latest spec; undefined afterwards. */
export const unobserved = (object: WorkloadObject, counts: WorkloadCounts): Reported | undefined =>
  isObserved(object)
    ? undefined
    : reported(object, 'progressing', `the ${object.kind} controller has not acted on the latest change yet`, counts);

/** `1 pod is`, `2 pods are` */
export const pods = (count: number, singular = '', plural = singular): string =>
  `${count} ${count === 1 ? `pod${singular}` : `pods${plural}`}`;
