/**
 * How a request to keep spans ended, whichever protocol it came by. The sender may try again only what is `busy`
 * (OTLP specification, "Failures").
 */
export type Outcome =
  /** Stored, except for `rejected` spans that could never be found: those without valid IDs or times. */
  | { readonly status: 'stored'; readonly rejected: number }
  | { readonly status: 'malformed'; readonly message: string }
  | { readonly status: 'unsupported'; readonly message: string }
  | { readonly status: 'too-large'; readonly message: string }
  | { readonly status: 'too-slow'; readonly message: string }
  /** Without the token that the address requires. */
  | { readonly status: 'unauthenticated'; readonly message: string }
  | { readonly status: 'busy'; readonly message: string; readonly retrySeconds: number }
  /** A fault of this program. */
  | { readonly status: 'failed'; readonly message: string };

export type Refusal = Exclude<Outcome, { readonly status: 'stored' }>;
