import type { BackendAccess } from '../../backend/access/access.ts';
import type { BackendSpec, TraceBackend } from '../../backend/backend.ts';
import type { Via } from '../../backend-access.ts';
import type { ErrorReport } from '../../report/report.ts';

/** The trace backend to query, and its options. */
export interface BackendChoice {
  /** Undefined: the one that is found in the cluster. */
  readonly spec: BackendSpec | undefined;
  /** `--backend auto`: what was found before does not count. */
  readonly again: boolean;
  /** Undefined: nothing but the question is sent. Without `spec` there are no credentials in it. */
  readonly access: BackendAccess | undefined;
  /** The environment has credentials, which are for a backend that is named. */
  readonly withheld?: true;
  /** How one in the cluster is reached; undefined: by whatever works. */
  readonly via: Via | undefined;
}

/** A backend that can be queried and closed. */
export type OpenBackend = Extract<OpenedBackend, { readonly status: 'open' }>;

/**
 * A backend that can be queried and closed, or why there is no backend: `error` is null when there was none to query.
 */
export type OpenedBackend =
  | {
      readonly status: 'open';
      readonly backend: TraceBackend;
      /** Nothing has responded at its address so far. */
      readonly untried?: true;
      close(): Promise<void>;
    }
  | { readonly status: 'none'; readonly error: ErrorReport | null };
