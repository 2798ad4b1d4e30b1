import type { TestContext } from 'node:test';
import { runPodCase, type CaseOutcome } from '../../support/pod-case.ts';
import type { APIObject } from './objects.ts';
import type { Tick } from './recorder.ts';

/** The result of the whole command for one tick of a recording. */
export interface Judged {
  readonly exitCode: number;
  /** Null where there is no verdict: the object does not exist, or something else went wrong. */
  readonly verdict: Verdict | null;
  readonly stderr: string;
}

interface Verdict {
  readonly state: string;
  readonly stage: string;
  readonly reason: string | null;
  readonly message?: string;
  readonly cause?: { readonly message?: string } | null;
}

/** Runs the command against a server that has what the tick has, on a machine whose clock is ahead by this much. */
export async function judgeTick(
  test: TestContext,
  { at, objects }: Tick,
  namespace: string,
  target: string,
  aheadSeconds: number,
  args: readonly string[] = [],
): Promise<Judged> {
  const own = ({ metadata }: APIObject): number => Number(metadata.namespace !== namespace);
  const outcome: CaseOutcome = await runPodCase(
    test,
    {
      now: new Date(at + aheadSeconds * 1000).toISOString(),
      clientClockAheadSeconds: aheadSeconds,
      target,
      // The command is run in the namespace of the first of them.
      objects: objects.toSorted((one, other) => own(one) - own(other)),
    },
    [...args, '-o', 'json'],
  );
  const document = outcome.stdout === '' ? {} : (JSON.parse(outcome.stdout) as { verdict?: Verdict | null });
  return { exitCode: outcome.exitCode, verdict: document.verdict ?? null, stderr: outcome.stderr };
}

/**
 * The ticks that can differ in their verdict from the ones beside them: where something has changed, and the last one
 * before each change, at which the most time has passed.
 */
export function tellingTicks(ticks: readonly Tick[]): number[] {
  const keys = ticks.map(({ objects }) => new Set(objects.filter(isTelling).map(versionOf)));
  const changed = (index: number): boolean => index === 0 || !isSame(keys[index - 1]!, keys[index]!);
  return ticks
    .map((_, index) => index)
    .filter((index) => changed(index) || index + 1 === ticks.length || changed(index + 1));
}

/** A heartbeat changes nothing. */
const isTelling = ({ kind }: APIObject): boolean => kind !== 'Lease' && kind !== 'Node';

const versionOf = ({ metadata }: APIObject): string => `${metadata.uid} ${metadata.resourceVersion}`;

const isSame = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((key) => other.has(key));

/** One line about a verdict, with the tick and the seconds since the first one. */
export function lineOf(
  ticks: readonly Tick[],
  index: number,
  target: string,
  { exitCode, verdict, stderr }: Judged,
): string {
  const seconds = Math.round((ticks[index]!.at - ticks[0]!.at) / 1000);
  const said =
    verdict === null
      ? (stderr.trim().split('\n')[0] ?? '')
      : [verdict.state, verdict.reason, `at ${verdict.stage}:`, verdict.message ?? verdict.cause?.message].join(' ');
  return `tick ${index}, ${seconds}s, ${target}, exit ${exitCode}: ${said}`;
}
