import { completionData } from '../../../../src/commands/complete/data.ts';
import { complete } from '../../../../src/commands/complete/complete.ts';
import type { Completion } from '../../../../src/commands/complete/completion.ts';
import { COMMANDS } from '../../../../src/commands/index.ts';
import type { Environment } from '../../../../src/runtime.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import { HERE } from '../../../support/platforms.ts';

const data = completionData(COMMANDS);

export interface Completed extends Completion {
  /** The values alone. */
  readonly values: readonly string[];
  /** The command lines of kubectl that were run. */
  readonly asked: readonly string[];
  /** The types whose names were requested, with the flags. */
  readonly wanted: readonly string[];
}

/** The world of one completion. */
export interface Around {
  /** Standard output of kubectl; undefined: it fails. */
  readonly kubectl?: string;
  /** Names of objects; undefined: only kubectl can have them. */
  readonly names?: readonly string[];
  readonly env?: Environment;
  readonly home?: string;
  readonly now?: bigint;
}

/** Completes the last word of a line; `get ` ends with a word that has not been begun. */
export async function completed(line: string, around: Around = {}): Promise<Completed> {
  const asked: string[] = [];
  const wanted: string[] = [];
  const completion = await complete(line.split(' '), data, {
    cwd: '/',
    env: around.env ?? {},
    home: around.home ?? '/none',
    platform: HERE,
    uid: process.geteuid?.(),
    now: epochNanos(around.now ?? 0n),
    listNames: async ({ type, flags }) => {
      wanted.push([type, ...flags.map(({ flag, value }) => `--${flag.name}=${value}`)].join(' '));
      return around.names;
    },
    kubectl: async (args) => {
      asked.push(args.map((word) => (word === '' ? "''" : word)).join(' '));
      return around.kubectl;
    },
  });
  return { ...completion, values: completion.choices.map(({ value }) => value), asked, wanted };
}
