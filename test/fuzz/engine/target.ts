import type { Arbitrary } from 'fast-check';
import type { TargetReference } from './messages.ts';
import type { Mutation } from './mutate-bytes.ts';

/** A reader of foreign bytes, and what must hold whatever the bytes are. */
export interface Target {
  readonly name: string;
  /** The input of the target, in a few words, for docs/fuzzing.md. */
  readonly reads: string;
  /** Inputs of the format; at least one. */
  corpus(): readonly Buffer[];
  readonly mutations: readonly Mutation[];
  /** Inputs that are made by a grammar. */
  readonly grammar?: Arbitrary<Buffer>;
  /** Whether the outcome of an input depends on nothing but the input; false where a network is between. */
  readonly isPure: boolean;
  open(): Promise<OpenTarget>;
  /** URL of the module whose `TARGETS` it is in; targets/index.ts by default. */
  readonly module?: string;
}

export const referenceTo = ({ name, module }: Target): TargetReference => ({
  name,
  module: module ?? new URL('../targets/index.ts', import.meta.url).href,
});

export interface OpenTarget {
  /**
   * Reads an input. Resolves with the outcome in a few words. Rejects with TraceCommandError where the input is refused,
   * which is an outcome as well; with anything else where the promise of the target is broken.
   */
  feed(input: Buffer): Promise<string> | string;
  close(): Promise<void> | void;
}

/** A target that holds nothing open. */
export const stateless = (feed: OpenTarget['feed']) => async (): Promise<OpenTarget> => ({ feed, close: () => {} });

/** A promise of the target does not hold. */
export class BrokenPromise extends Error {}

export function promise(holds: boolean, what: string): void {
  if (!holds) throw new BrokenPromise(what);
}
