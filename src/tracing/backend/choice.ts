import type { BackendAccess } from '../../backend/access/access.ts';
import type { BackendSpec, TraceBackend } from '../../backend/backend.ts';
import type { Via } from '../../backend-access.ts';
import type { ErrorReport } from '../../report/report.ts';

/** Which backend is to be asked, and with what. */
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

/** A backend that can be asked, and let go of. */
export type OpenBackend = Extract<OpenedBackend, { readonly status: 'open' }>;

/** A backend that can be asked, and let go of; or why there is none: `error` is null when nobody could be asked at all. */
export type OpenedBackend =
  | {
      readonly status: 'open';
      readonly backend: TraceBackend;
      /** Nothing has responded at its address so far. */
      readonly untried?: true;
      close(): Promise<void>;
    }
  | { readonly status: 'none'; readonly error: ErrorReport | null };
