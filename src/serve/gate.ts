import type { ServeCredentials } from './credentials.ts';
import type { Refusal } from './outcome.ts';

/** Who may use a secured listener. */
export interface Gate {
  readonly credentials: ServeCredentials;
  /** Counts a request without the token. */
  readonly refused: (refusal: Refusal) => void;
}

/** How to authenticate, for a program and for a browser, which prompts for a user name and a password. */
export const CHALLENGES: readonly string[] = [
  'Bearer realm="kubectl trace serve"',
  'Basic realm="kubectl trace serve: the token is the password", charset="UTF-8"',
];

/** Undefined for a request that has the token, and where none is needed. The refusal is counted. */
export function refusalBy(gate: Gate | undefined, authorization: string | undefined): Refusal | undefined {
  if (gate === undefined || gate.credentials.accepts(authorization)) return undefined;
  const message =
    authorization === undefined
      ? 'a token is required: Authorization: Bearer TOKEN'
      : 'the token in the Authorization header is not the one of this server';
  const refusal = { status: 'unauthenticated', message } as const;
  gate.refused(refusal);
  return refusal;
}
