import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startTraceServer } from '../../scripts/demo/trace-server.ts';

const launcher = fileURLToPath(new URL('../../bin/kubectl-trace', import.meta.url));

test('the demo recognizes by its output that serve is ready', async () => {
  const server = await startTraceServer(launcher, new AbortController().signal);
  try {
    assert.match(server.otlp, /^127\.0\.0\.1:\d+$/);
    assert.ok(existsSync(join(server.state, 'kubectl-trace', 'traces.db')));
  } finally {
    await server.stop();
  }
});
