import type { Lookup } from '../backend.ts';

type Failure = Extract<Lookup, { readonly status: 'unavailable' | 'failed' }>;

/** The error of a `fetch` that knows better than a connection's code why the backend was not reached. */
export class BackendNotReached extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'BackendNotReached';
    this.failure = failure;
  }
}
