import type { Duplex } from 'node:stream';
import type { RequestContext } from '../../propagation/request-context.ts';
import type { EpochNanos, Nanos } from '../../trace/time.ts';
import type { TLSEnd } from './tls-end.ts';

/** Why a request was sent: for the user, to learn the server's types, or to learn who the user is. */
export type Purpose = 'request' | 'discovery' | 'identity';

/** Where a stream of lines is left: after whichever comes first. Ending it there is no failure. */
export interface StreamEnd {
  readonly lines?: number | undefined;
  readonly nanos?: Nanos | undefined;
  /** Called with each part of the response as it arrives. */
  readonly onMore?: ((chunk: Uint8Array) => void) | undefined;
}

/** One HTTP request to the API server, before it is sent. */
export interface KubeRequest {
  readonly purpose: Purpose;
  readonly method: string;
  /** Absolute and already percent-encoded: `/api/v1/namespaces/default/pods`. */
  readonly path: string;
  /** In the order in which they are sent. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Lower-case names. Authentication and trace context are added when it is sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** When a watch ends: otherwise it does not end. */
  readonly streamEnd?: StreamEnd;
  /** Called when it is on a connection: on that of an earlier request, or on a new one. */
  readonly onConnection?: (isReused: boolean) => void;
  /** The tool's own request, not one of the user's: its trace context is marked as not sampled. */
  readonly unsampled?: true;
  /** More of the response is not read, compressed or not; without it the bound of response-bounds.ts. */
  readonly maxBytes?: number;
  /** The command can do without: that it fails is no failure of the command. */
  readonly mayFail?: true;
  /** The resource that the request names; null for missing parts (discovery, raw). The core group is "". */
  readonly group: string | null;
  readonly version: string | null;
  readonly resource: string | null;
  readonly subresource: string | null;
  readonly namespace: string | null;
  readonly name: string | null;
}

/** The client's own measurements, each null where the phase did not happen (a reused connection, a failure before it). */
export interface Phases {
  readonly dnsNanos: Nanos | null;
  readonly connectNanos: Nanos | null;
  readonly tlsNanos: Nanos | null;
  /** From the connection being ready to the request being written. */
  readonly sendNanos: Nanos | null;
  /** From the written request to the first byte of the response. */
  readonly waitNanos: Nanos | null;
  /** From the first to the last byte of the response. */
  readonly receiveNanos: Nanos | null;
}

/** Why there was no HTTP response. `message` and `hint` are in kubectl's voice and hold no credential. */
export interface TransportError {
  readonly reason: string;
  readonly message: string;
  readonly hint?: string;
}

/** One request and what came back. A failure is a value: the client's own span and phases are drawn anyway. */
export interface Exchange {
  readonly request: KubeRequest;
  readonly context: RequestContext;
  readonly startedAt: EpochNanos;
  readonly durationNanos: Nanos;
  readonly phases: Phases;
  /** How much of each phase this program was at work, or waited for a CPU; null or absent where that is not measured. */
  readonly clientPhases?: Phases | null;
  /** The shortest round trip that was measured on the request's connection; null or absent where none was. */
  readonly roundTripNanos?: Nanos | null;
  /** How long after its first byte each tenth of the response was in, but for the last; null or absent for a short one. */
  readonly receivedNanos?: readonly Nanos[] | null;
  /** The end of the TLS connection; null or absent where that is not known. */
  readonly tlsEnd?: TLSEnd | null;
  /** How long a stream was only open, after its initial part; null or absent for other responses. */
  readonly openNanos?: Nanos | null;
  readonly connectionReused: boolean;
  /** Null without a response. */
  readonly status: number | null;
  /** Lower-case names; repeated headers joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed. Empty without a response. */
  readonly body: Uint8Array;
  readonly requestBytes: number;
  /** Body bytes as they came over the wire (compressed). */
  readonly responseBytes: number;
  /** The response's Audit-Id, which counts when a gateway rewrote ours; null without one. */
  readonly auditID: string | null;
  /** Texts of the `Warning: 299` headers. */
  readonly warnings: readonly string[];
  readonly error: TransportError | null;
}

export interface PodPort {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

export interface Forward {
  /** A stream to the port of the pod, as a connection to it would be; it is destroyed when the pod is not reached. */
  connect(): Duplex;
  close(): Promise<void>;
}

/** The API server that the kubeconfig (or the in-cluster configuration) names. */
export interface Cluster {
  /** The kubeconfig context; null without one (in-cluster, or --server alone). */
  readonly contextName: string | null;
  /** `https://127.0.0.1:6443` */
  readonly server: string;
  /** The namespace of flag or context, "default" otherwise. */
  readonly namespace: string;
  /** Sends exactly once (design: a request is never repeated to obtain a trace). Never rejects. */
  send(
    request: KubeRequest,
    context: RequestContext,
    signal: AbortSignal,
    /** Receives the bytes of a successful watch response as they arrive; `body` is then empty. */
    onData?: (chunk: Uint8Array) => void,
  ): Promise<Exchange>;
  /**
   * The same on a new connection, which a balancer may lead to another API server; on one of the others where they all go
   * through a proxy. Never rejects.
   */
  sendOnNewConnection?(request: KubeRequest, context: RequestContext, signal: AbortSignal): Promise<Exchange>;
  /**
   * Sends a request to the address that the server redirected it to, once, with the credentials only where `trusted`.
   * Never rejects.
   */
  sendTo?(
    request: KubeRequest,
    target: { readonly url: URL; readonly trusted: boolean },
    context: RequestContext,
    signal: AbortSignal,
  ): Promise<Exchange>;
  /**
   * Gets other credentials, where a plugin, an issuer or a token file gives them: those that were used have been refused.
   * False where there are no others. Rejects when the plugin or the issuer fails.
   */
  renew?(): Promise<boolean>;
  /**
   * Makes streams to a port of a pod, each by a WebSocket, until it is closed. Whether the pod can be reached shows with
   * the first stream.
   */
  forward(pod: PodPort, onProblem: (message: string) => void): Promise<Forward>;
  /** Lets go of connections, so that the process can end. */
  close(): void;
}

export interface ActsAs {
  readonly as: string;
  readonly asUID?: string | undefined;
  readonly asGroups?: readonly string[] | undefined;
  readonly asUserExtra?: Readonly<Record<string, readonly string[]>> | undefined;
}
