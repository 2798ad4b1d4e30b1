import type { RolloutEnd } from './rollout.ts';

/** A program that has followed a rollout. */
export interface Ended {
  readonly exitCode: number | null;
  /** Since both programs were started. */
  readonly seconds: number;
  /** kubectl's last line, or the verdict's state and reason. */
  readonly said: string;
}

/** The result of one rollout. */
export interface Comparison {
  readonly rollout: string;
  readonly ends: RolloutEnd;
  readonly timeoutSeconds: number;
  readonly kubectl: Ended;
  readonly program: Ended;
  /**
   * The last time at which the object was requested and its status was still such that `kubectl rollout status` waits,
   * in seconds; null if it never was.
   */
  readonly waitingUntil: number | null;
}

/** Timers of two processes do not begin at the same moment. */
const slackSeconds = 0.5;

/** One line for each way in which the program ended differently from kubectl, or before it could know. */
export function differences({ ends, timeoutSeconds, kubectl, program, waitingUntil }: Comparison): string[] {
  const found: string[] = [];
  if (endOf(kubectl) !== ends) found.push(`kubectl did not end as it was meant to: ${kubectl.said}`);
  const wanted = kubectl.exitCode === 0 ? 0 : 6;
  if (program.exitCode !== wanted) found.push(`exit status ${program.exitCode} in place of ${wanted}: ${program.said}`);
  const isWell = /^(ready|succeeded)/.test(program.said);
  if (isWell !== (kubectl.exitCode === 0)) found.push(`reported ${program.said}, and kubectl: ${kubectl.said}`);
  if (ends === 'timeout') {
    if (program.seconds < timeoutSeconds - slackSeconds) {
      found.push(`ended after ${program.seconds} s, and not after the timeout of ${timeoutSeconds} s`);
    }
  } else if (waitingUntil !== null && program.seconds < waitingUntil) {
    found.push(`ended after ${program.seconds} s, when the status had the rollout under way until ${waitingUntil} s`);
  }
  return found;
}

function endOf({ exitCode, said }: Ended): RolloutEnd | undefined {
  if (exitCode === 0) return 'done';
  if (said.includes('exceeded its progress deadline')) return 'exceeded its progress deadline';
  return said.includes('timed out') ? 'timeout' : undefined;
}

/** A row for each rollout. */
export function table(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map((each) => [
    each.rollout,
    `${each.kubectl.exitCode} after ${each.kubectl.seconds} s`,
    each.waitingUntil === null ? '-' : `${each.waitingUntil} s`,
    `${each.program.exitCode} after ${each.program.seconds} s`,
    each.program.said,
    differences(each).join('; ') || 'same',
  ]);
  const all = [['ROLLOUT', 'KUBECTL', 'WAITING UNTIL', 'KUBECTL TRACE', 'VERDICT', 'RESULT'], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('   ')
          .trimEnd()}\n`,
    )
    .join('');
}
