import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LookupProgress } from '../../../src/backend/find/lookup.ts';
import { showProgress } from '../../../src/tracing/progress.ts';
import type { Terminal } from '../../../src/runtime.ts';

const progress: LookupProgress = {
  spans: 11,
  services: [
    { service: 'apiserver', spans: 9 },
    { service: 'etcd', spans: 2 },
  ],
  polls: 3,
  waitedMillis: 4200,
  waitingFor: 'etcd range',
};

function shown(all: readonly LookupProgress[], terminal: Terminal): string[] {
  const written: string[] = [];
  const line = showProgress({
    err: { write: (text: string) => void written.push(text) },
    errTerminal: terminal,
  });
  for (const one of all) line.show(one);
  line.clear();
  return written;
}

/** Written behind the text: nothing is erased before it. */
const REST = '\u001b[K';

test('progress shows spans per service and missing services, and is removed at the end', () => {
  assert.deepEqual(shown([progress], { isTTY: true, columns: 100 }), [
    `waiting for the trace, 4 s: apiserver 9, etcd 2 spans; missing etcd range${REST}`,
    `\r${REST}`,
  ]);
});

test('progress is written over in place, and not again while it is the same', () => {
  const later = { ...progress, waitedMillis: 5200 };
  assert.deepEqual(shown([progress, progress, later], { isTTY: true, columns: 60 }), [
    `waiting for the trace, 4 s: 11 spans; missing etcd range${REST}`,
    `\rwaiting for the trace, 5 s: 11 spans; missing etcd range${REST}`,
    `\r${REST}`,
  ]);
});

test('progress is shortened on a narrow terminal, never to two lines', () => {
  const at = (columns: number): string => shown([progress], { isTTY: true, columns })[0]?.slice(0, -REST.length) ?? '';
  assert.equal(at(60), 'waiting for the trace, 4 s: 11 spans; missing etcd range');
  assert.equal(at(40), 'waiting for the trace, 4 s: 11 spans');
  assert.equal(at(20), 'waiting for the …');
  assert.ok(at(0).length < 80);
});

test('progress is off in a pipe, on a terminal that cannot erase, and in the first second', () => {
  assert.deepEqual(shown([progress], { isTTY: true, columns: 80, isDumb: true }), []);
  assert.deepEqual(shown([progress], { isTTY: false, columns: undefined }), []);
  assert.deepEqual(shown([{ ...progress, waitedMillis: 900 }], { isTTY: true, columns: 80 }), []);
});

test('progress escapes service names, and measures wide ones once that is possible', async () => {
  const written: string[] = [];
  const line = showProgress({
    err: { write: (text: string) => void written.push(text) },
    errTerminal: { isTTY: true, columns: 60 },
  });
  const named = (service: string): LookupProgress => ({
    ...progress,
    services: [{ service, spans: 11 }],
    waitingFor: undefined,
  });
  line.show(named('a\u001b[2Jb'));
  assert.equal(written[0], `waiting for the trace, 4 s: a\\u001b[2Jb 11 spans${REST}`);
  line.show(named('ééééééééééé'));
  assert.equal(written[1], `\rwaiting for the trace, 4 s: 11 spans${REST}`);
  await import('string-width');
  await new Promise(setImmediate);
  line.show(named('ééééééééééé'));
  assert.equal(written[2], `\rwaiting for the trace, 4 s: ééééééééééé 11 spans${REST}`);
});
