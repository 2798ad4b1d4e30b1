import type { ComponentPod } from '../control-plane/component-pod.ts';
import type { DetectedKind } from '../control-plane/kind.ts';
import type { Version } from '../control-plane/version.ts';
import type { Nanos } from '../trace/time.ts';
import type { TraceID } from '../trace/ids.ts';
import type { ExportProblem } from './export-log.ts';
import type { Reading } from './reading.ts';

import type { TracingFile } from './tracing-file.ts';

/** How the first request ended. */
export type Reach =
  | { readonly status: 'reached'; readonly durationNanos: Nanos }
  /** No response, or a server that refuses everything. `reason` is a word for scripts. */
  | { readonly status: 'failed'; readonly reason: string; readonly message: string; readonly hint: string | null };

/** A permission that a check needs, and whether the user has it; null where the server does not say. */
export interface Permission {
  readonly name: PermissionName;
  readonly allowed: boolean | null;
}

export const PERMISSIONS = [
  'metrics',
  'flagz',
  'pods',
  'podLogs',
  'leases',
  'nodes',
  'nodeConfiguration',
  'services',
  'serviceProxy',
] as const;
export type PermissionName = (typeof PERMISSIONS)[number];

/** An API server's Lease, while it runs. */
export interface Instance {
  readonly id: string;
  readonly host: string | null;
}

/** A server of the control plane, as its mirror pod shows it. */
export interface ServerPod extends ComponentPod {
  /** Why its container does not run, such as `CrashLoopBackOff`; null while it does. */
  readonly waiting: string | null;
}

/** The tracing section of a kubelet's configuration; null without one. */
export interface KubeletTracing {
  readonly endpoint: string | null;
  readonly samplingRatePerMillion: number;
}

export interface Kubelet {
  readonly node: string;
  /** `v1.37.2` */
  readonly version: string;
  readonly tracing: Reading<KubeletTracing | null>;
}

/** One service in the backend: how old its newest span is; null where it had none within the hour. */
export interface KnownService {
  readonly name: string;
  readonly newest: Reading<Nanos | null>;
}

export interface Backend {
  readonly kind: string;
  readonly url: string;
  /** How far its search may be behind what it has taken in. */
  readonly searchLagMillis: number;
  readonly services: readonly KnownService[];
}

/** Requests that `doctor` sent, as the API server's metrics show them. */
export interface MeasuredRequests {
  /** Requests of ours that have exemplars under our trace ID. */
  readonly ours: number;
  /** The ones among these whose every exemplar has our own span ID: the server that served them does not trace. */
  readonly untraced: number;
  /** Traces of others that began while our requests were served. */
  readonly others: number;
}

/** One request of ours, looked up in the backend. */
export interface Probe {
  readonly traceID: TraceID;
  readonly foundBy: FoundBy | null;
  /** `service.instance.id` of the API server whose spans were found. */
  readonly instance: string | null;
}

export type FoundBy = 'trace-id' | 'link' | 'audit-id' | 'fingerprint';

/** The request that is sent to be found. */
export interface Canary {
  readonly method: string;
  readonly path: string;
  readonly traceID: TraceID;
  readonly auditID: string | null;
  readonly status: number | null;
  /** Why there was no response. */
  readonly problem?: string | undefined;
  readonly durationNanos: Nanos;
  readonly metrics: Reading<MeasuredRequests>;
  readonly backend: Reading<{
    readonly foundBy: FoundBy | null;
    /** Services of its spans. */
    readonly services: readonly string[];
    /** It calls etcd, and there is no span of etcd below the call. */
    readonly isEtcdMissing: boolean;
    readonly waitedNanos: Nanos;
    /** It was looked for until every exporter and the backend's search must have shown it. */
    readonly isCertain: boolean;
    /** All requests like it, which may have led to other API servers. */
    readonly probes: readonly Probe[];
  }>;
}

/** Programs with our name that were found. */
export interface Installation {
  /** The file name that kubectl looks for: `kubectl-trace`, or `kubectl-api_trace` where krew installed it. */
  readonly name: string;
  /** The file that runs now; null where it is not known. */
  readonly self: string | null;
  /** The first file of that name on the PATH; null without one. */
  readonly first: string | null;
  readonly isSelf: boolean;
  /** Files named `kubectl-trace-…`, which kubectl takes for our subcommands. */
  readonly longer: readonly string[];
  /** The folder that others may write to, for which compiled code is not stored; null where it is. */
  readonly exposed: string | null;
}

/** Everything that the checks judge. */
export interface Observed {
  readonly context: string | null;
  readonly server: string;
  readonly reach: Reach;
  readonly version: Reading<Version & { readonly gitVersion: string }>;
  /** Groups of the authenticated user. */
  readonly identity: Reading<{ readonly username: string; readonly groups: readonly string[] }>;
  /** The kubeconfig user of --tracer-user. */
  readonly tracerUser?: string | undefined;
  /** Requests are sent as another user. */
  readonly isImpersonating: boolean;
  /** The next step where the authenticated user may not act as the other one. */
  readonly impersonationHint?: string | undefined;
  /** When the user's client certificate ends, in milliseconds from now; null without one. */
  readonly certificateEndsInMillis: number | null;
  /** When it becomes valid; negative for one that is. */
  readonly certificateBeginsInMillis?: number | null;
  readonly permissions: readonly Permission[];
  /** The flag --tracing-config-file of each API server that was reached. */
  readonly flagz: Reading<readonly { readonly tracing: 'on' | 'off' }[]>;
  /** The pods of kube-apiserver and etcd in kube-system. */
  readonly pods: Reading<readonly ServerPod[]>;
  /** By the name of the pod. */
  readonly exports: ReadonlyMap<string, Reading<ExportProblem | null>>;
  /** The file that the user gave with --tracing-config-file. */
  readonly file: TracingFile | null;
  readonly instances: Reading<readonly Instance[]>;
  readonly kind: DetectedKind;
  /** Why the nodes are not known; how many there are. */
  readonly nodes: Reading<number>;
  readonly kubelets: readonly Kubelet[];
  /** How many nodes were left out, because there are more than are looked at. */
  readonly kubeletsLeftOut: number;
  readonly backend: Reading<Backend>;
  /** The next step where no backend could be opened. */
  readonly backendHint?: string | undefined;
  /** This machine's clock less the cluster's; null where no response has shown it. */
  readonly clock: { readonly aheadNanos: Nanos; readonly uncertaintyNanos: Nanos } | null;
  readonly installation: Installation;
  readonly canary: Reading<Canary>;
}
