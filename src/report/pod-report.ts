import { analyse, type Analysis } from '../analysis/analyse.ts';
import type { OwnerObject, Gap } from '../pod/pod-snapshot.ts';
import type { PodLifecycle } from '../pod/lifecycle.ts';
import type { Reason } from '../pod/reason.ts';
import type { State, Verdict } from '../pod/verdict.ts';
import type { PodRole, RoleCounts } from '../pod/workload/pod-role.ts';
import type { WorkloadStatus } from '../pod/workload/status.ts';
import type { Nanos } from '../trace/time.ts';
import type { Trace } from '../trace/trace.ts';
import type { JSONObject } from './json-value.ts';
import type { Report } from './report.ts';

/** Subject of the report: a pod, or an object that creates pods. */
export interface Subject {
  /** `pod`, `deployment`: in lower case. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A subject that nothing has been read of: the kind as it was typed, and no namespace where none is known yet. */
export type RequestedSubject = Omit<Subject, 'namespace'> & { readonly namespace: string | null };

/** A workload by its own status, and how its pods count. */
export interface WorkloadReport extends WorkloadStatus {
  readonly pods: RoleCounts;
  /** By the pod's UID. */
  readonly roles: ReadonlyMap<string, PodRole>;
}

/** The endpoints of a Service, by its EndpointSlices. */
export interface ServiceReport {
  /** `app=web`; null for a Service without a selector, whose pods are those that its EndpointSlices name. */
  readonly selector: string | null;
  /** Null where the EndpointSlices could not be read; so is the next one. */
  readonly endpoints: number | null;
  readonly readyEndpoints: number | null;
}

/** Several pods at once: those of a namespace or of all namespaces, some by name, or those of a Service. */
export interface PodSetReport {
  readonly labelSelector: string | null;
  readonly fieldSelector: string | null;
  /** As they were named; otherwise empty. */
  readonly names: readonly string[];
  readonly service: ServiceReport | null;
  /** Pods that were read. */
  readonly total: number;
  /** These and `replaced` add up to the total. */
  readonly counts: Readonly<Record<State, number>>;
  /** Failed pods whose controller has created a newer one: they are no alarm, and not in `counts`. */
  readonly replaced: number;
  /** Reasons of the pods that are stuck or have failed, the most frequent first. */
  readonly reasons: readonly { readonly reason: Reason; readonly pods: number }[];
}

/** How far this machine's clock is from the cluster's. */
export interface ClockDifference {
  /** This machine's time minus the cluster's. */
  readonly ahead: Nanos;
  /** The true difference is this much more or less at most. */
  readonly uncertainty: Nanos;
}

/** Everything that `kubectl trace pod` reports. The envelope is the one of every command. */
export interface PodReport extends Pick<
  Report,
  'toolVersion' | 'exitCode' | 'cluster' | 'command' | 'requests' | 'error'
> {
  /** Several pods are `pods` without a name, and without a namespace where they are of all namespaces. */
  readonly subject: RequestedSubject;
  /** From the worst: the first one is drawn. Empty where the subject has no pod. */
  readonly lifecycles: readonly PodLifecycle[];
  /** Verdict on the pod or workload of the command; null when nothing could be read. */
  readonly verdict: Verdict | null;
  /** Null for a pod. */
  readonly workload: WorkloadReport | null;
  /** Null for one pod or workload. Then `lifecycles` has only the pods that are not well, or those that were named. */
  readonly set: PodSetReport | null;
  readonly owner: OwnerObject | undefined;
  /** Pods of the subject beyond those that were looked at. */
  readonly podsLeftOut: number;
  /** Null where none is known; `traceURL` is of the newest trace of the kubelet. */
  readonly backend: Report['backend'];
  readonly gaps: readonly Gap[];
  /** The time of the picture, by the cluster's clock. */
  readonly now: PodLifecycle['end'];
  /** Null where no response has shown the cluster's time; then `now` is this machine's. */
  readonly clock: ClockDifference | null;
  /** Where the report was read from a document: that document, which is printed again as it was. */
  readonly document?: JSONObject;
}

/** The trace with what follows from it; what is found in the traces of requests has no meaning here. */
export const analysePod = (trace: Trace): Analysis => ({ ...analyse(trace), findings: [], largestPart: null });
