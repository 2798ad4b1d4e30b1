import { BYTE_MUTATIONS } from '../engine/mutate-bytes.ts';
import { promise, stateless, type OpenTarget, type Target } from '../engine/target.ts';

/* Targets that break their promises in each way there is, for tests of the engine. */

const HELD: Buffer[] = [];

function faulty(name: string, feed: OpenTarget['feed']): Target {
  return {
    name,
    reads: 'nothing',
    corpus: () => ['good', 'bad'].map((text) => Buffer.from(`${'.'.repeat(200)}${text}${'.'.repeat(200)}`)),
    mutations: BYTE_MUTATIONS,
    isPure: true,
    open: stateless(feed),
    module: import.meta.url,
  };
}

const isBad = (input: Buffer): boolean => input.includes('bad');

/** Takes 1 ms of computing, so that the first inputs last as long as the meter wants. */
function computing(): void {
  const endsAt = performance.now() + 1;
  while (performance.now() < endsAt);
}

function spin(): string {
  for (;;) if (performance.now() < 0) return 'never';
}

export const TARGETS: readonly Target[] = [
  faulty('good', (input) => `${input.length}`),
  faulty('throws', (input) => {
    promise(!isBad(input), 'the input is bad');
    return 'read';
  }),
  faulty('rejects-later', (input) => {
    if (isBad(input)) void Promise.reject(new Error('a rejection without a handler'));
    return 'read';
  }),
  faulty('hangs', (input) => (isBad(input) ? spin() : 'read')),
  faulty('ends', (input) => (isBad(input) ? process.exit(7) : 'read')),
  faulty('takes-memory', (input) => {
    if (isBad(input)) HELD.push(Buffer.alloc(350e6, 1));
    return 'read';
  }),
  faulty('leaks', () => {
    computing();
    HELD.push(Buffer.alloc(50_000, 1));
    return 'read';
  }),
  // A weak reference keeps its object until the event loop has its next turn (ECMA-262, KeepDuringJob).
  faulty('is-freed-by-a-turn', () => {
    computing();
    return new WeakRef(Buffer.alloc(50_000, 1)).deref() === undefined ? 'freed' : 'read';
  }),
];
