import type { SpanID, TraceID } from '../../trace/ids.ts';

export type Verb =
  | 'get'
  | 'list'
  | 'watch'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'deletecollection'
  | 'connect'
  | 'discovery'
  | 'other';

/** Everything about a request that decides which spans its complete trace has. It is known without the trace. */
export interface RequestExpectation {
  readonly traceID: TraceID;
  /** The request's client span. */
  readonly spanID: SpanID;
  /** From the response; the API server writes it on its spans. */
  readonly auditID: string | null;
  readonly verb: Verb;
  readonly path: string;
  readonly group: string | null;
  readonly resource: string | null;
  readonly subresource: string | null;
  /** The query parameter; "" means the same as its absence: as fresh as etcd. */
  readonly resourceVersion: string;
  /** A watch that begins with all objects (sendInitialEvents). */
  readonly initialEvents?: boolean;
  readonly dryRun: boolean;
  /** A token is for another object too, which is read as well; null when the body of the request is not known. */
  readonly boundObject?: boolean | null;
  /** A custom resource that is stored here, and whose definition names no webhook that converts it. */
  readonly unconverted?: boolean | undefined;
  /** HTTP status. */
  readonly status: number;
  /** The response carried API Priority and Fairness headers: the request went through that filter. */
  readonly prioritized: boolean;
  /** 37 for v1.37.2; null when the version is not known. */
  readonly serverMinor: number | null;
  /**
   * Names of the admission webhooks whose rules match this request, called or not (selectors and match conditions decide
   * that in the server); null when that could not be found out. Empty for reads.
   */
  readonly webhooks: readonly string[] | null;
  /** One of them is called again when a later one has changed the object (reinvocationPolicy: IfNeeded). */
  readonly webhooksMayRepeat?: boolean;
}

/** Kubernetes versions whose span shapes are known: recorded from real servers, test/fixtures/recorded/. */
export const NEWEST_KNOWN_MINOR = 37;
