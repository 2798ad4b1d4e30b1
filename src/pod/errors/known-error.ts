import type { PodSnapshot } from '../pod-snapshot.ts';
import type { NextStep, Party, WaitingFor } from '../verdict.ts';

/** Where an error text was found. */
export interface ErrorContext {
  readonly snapshot: PodSnapshot;
  readonly node: string;
  /** Image of the container; "" for the sandbox and volumes. */
  readonly image: string;
  /** Name of the container; "" for the sandbox and volumes. */
  readonly container: string;
  /** `linux/amd64`, or `its platform` where the node could not be read. */
  readonly platform: string;
}

/** A text of a runtime, the kubelet or a driver whose cause is known. */
export interface KnownError {
  /** A text as it comes, in short; the pattern finds it. docs/kubelet.md shows it. */
  readonly example: string;
  readonly pattern: RegExp;
  /** One sentence without its period, in lower case. It keeps the words of the text that say more. */
  readonly message: (match: readonly string[], context: ErrorContext) => string;
  readonly owner: Party;
  readonly who: (context: ErrorContext, match: readonly string[]) => string;
  readonly next?: (context: ErrorContext, match: readonly string[]) => readonly NextStep[];
  readonly waitingFor?: (context: ErrorContext, match: readonly string[]) => WaitingFor;
  /** The image's name may be wrong: another name is worth trying. */
  readonly nameInDoubt?: true;
}

export type Explanation = Pick<KnownError, 'owner' | 'nameInDoubt'> & {
  readonly message: string;
  readonly who: string;
  readonly next: readonly NextStep[];
  readonly waitingFor: WaitingFor | undefined;
};

/** The first error of a table that the text is. */
export function explain(errors: readonly KnownError[], text: string, context: ErrorContext): Explanation | undefined {
  const known = findError(errors, text);
  if (known === undefined) return undefined;
  const { error, match } = known;
  return {
    message: error.message(match, context),
    owner: error.owner,
    who: error.who(context, match),
    next: error.next?.(context, match) ?? [],
    waitingFor: error.waitingFor?.(context, match),
    ...(error.nameInDoubt && { nameInDoubt: true }),
  };
}

/**
 * The kubelet cuts termination messages at this length (pkg/kubelet/container, MaxContainerTerminationMessageLength), and
 * events are shorter. The time of a pattern may grow with the square of the text's length.
 */
const MAX_CHARACTERS = 4096;

/** The first error of a table whose pattern the beginning of the text matches, with the groups of the match. */
export function findError(
  errors: readonly KnownError[],
  text: string,
): { readonly error: KnownError; readonly match: readonly string[] } | undefined {
  const beginning = text.slice(0, MAX_CHARACTERS);
  for (const error of errors) {
    const match = error.pattern.exec(beginning);
    if (match !== null) return { error, match: [...match].map((group) => group ?? '') };
  }
  return undefined;
}

export const ofNode = ({ node }: ErrorContext): string => `the administrator of node ${node}`;
export const waitForNode = ({ node }: ErrorContext): WaitingFor => ({ kind: 'node', name: node });
