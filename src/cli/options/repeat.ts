import { UsageError } from '../../errors.ts';
import type { Flag } from '../flag.ts';
import type { FlagValues } from '../values.ts';

/** Flags of commands that only read. */
export const REPEAT_FLAGS: readonly Flag[] = [
  {
    name: 'repeat',
    type: 'count',
    group: 'repeat',
    placeholder: 'TIMES',
    help: 'Send the request this many times, one after another, and show the slowest with p50 and p95 of every row',
  },
  {
    name: 'warmup',
    type: 'count',
    group: 'repeat',
    placeholder: 'TIMES',
    help: 'Send this many untraced requests first; one if omitted and the request is repeated',
  },
];

/** How often a read is sent. */
export interface Repetition {
  readonly times: number;
  /** Number of requests that are sent first and not reported. */
  readonly warmup: number;
}

/** All of them are looked up at once, and every span of them is held in memory. */
const MAX_TIMES = 200;

/** Undefined without --repeat. `objects`: how many are requested by name. */
export function parseRepetition(values: FlagValues, objects: number): Repetition | undefined {
  const times = values.count('repeat');
  const warmup = values.count('warmup');
  if (times === undefined && warmup !== undefined) {
    throw new UsageError('InvalidArguments', '--warmup needs --repeat', {
      hint: 'for example: --repeat 20 --warmup 2',
    });
  }
  for (const [name, value] of [
    ['repeat', times],
    ['warmup', warmup],
  ] as const) {
    if (value !== undefined && value > MAX_TIMES) {
      throw new UsageError('InvalidArguments', `--${name} ${value} is more than ${MAX_TIMES}`, {
        hint: 'this is not a load test: requests are sent one after another, and each is traced',
      });
    }
  }
  if (times === undefined) return undefined;
  if (times === 0) throw new UsageError('InvalidArguments', '--repeat 0 would send nothing');
  if (objects > 1) throw new UsageError('InvalidArguments', 'only one request can be repeated: give one name');
  return { times, warmup: warmup ?? (times === 1 ? 0 : 1) };
}
