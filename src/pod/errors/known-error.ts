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
  for (const error of errors) {
    const match = error.pattern.exec(text);
    if (match === null) continue;
    const groups = [...match].map((group) => group ?? '');
    return {
      message: error.message(groups, context),
      owner: error.owner,
      who: error.who(context, groups),
      next: error.next?.(context, groups) ?? [],
      waitingFor: error.waitingFor?.(context, groups),
      ...(error.nameInDoubt && { nameInDoubt: true }),
    };
  }
  return undefined;
}

export const ofNode = ({ node }: ErrorContext): string => `the administrator of node ${node}`;
export const waitForNode = ({ node }: ErrorContext): WaitingFor => ({ kind: 'node', name: node });
