import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lookup } from '../../../../src/backend/backend.ts';
import { withTimeout } from '../../../../src/backend/find/deadline.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { scriptedBackend } from '../../../support/scripted-backend.ts';
import { traceID } from '../../../support/spans.ts';

const untilAborted = (_id: unknown, signal: AbortSignal): Promise<Lookup> =>
  new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve({ status: 'unavailable', message: 'aborted' }), { once: true }),
  );

test('a lookup that hangs ends at its deadline', async () => {
  const clock = new FakeClock();
  const backend = withTimeout(scriptedBackend({ byID: untilAborted }), 10_000, clock);
  assert.deepEqual(await backend.byID(traceID('a1'), new AbortController().signal), {
    status: 'unavailable',
    message: 'http://backend.test did not respond within 10s',
  });
  assert.equal(clock.millis, 10_000);
});

test('a response in time is returned at once', async () => {
  const clock = new FakeClock();
  const backend = withTimeout(scriptedBackend({}), 10_000, clock);
  assert.deepEqual(await backend.byID(traceID('a1'), new AbortController().signal), { status: 'absent' });
  assert.equal(clock.millis, 0);
});

test('the caller’s own signal ends it too', async () => {
  const clock = new FakeClock();
  const control = new AbortController();
  const backend = withTimeout(scriptedBackend({ byID: untilAborted }), 10_000, clock);
  const lookup = backend.byID(traceID('a1'), control.signal);
  control.abort();
  assert.deepEqual(await lookup, { status: 'unavailable', message: 'aborted' });
  assert.equal(clock.millis, 0);
});
