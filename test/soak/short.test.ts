import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soak } from './soak.ts';

test('a serve that is attacked, killed and out of disk loses nothing that it acknowledged', async () => {
  const lines: string[] = [];
  const checks = await soak({
    minutes: 0.3,
    seed: 20_261_129,
    rate: 300,
    maxSize: '64Mi',
    restarts: 1,
    isShort: true,
    print: (line) => lines.push(line),
  });
  assert.deepEqual(
    checks.filter(({ holds }) => !holds).map(({ name, figure }) => `${name}: ${figure}`),
    [],
  );
  const table = lines.join('\n');
  // That something was put to the test: spans were acknowledged, before and behind restarts, beside attacks.
  assert.match(table, /^acknowledged +[1-9]\d* spans/m);
  assert.match(table, /restarts by SIGKILL +3$/m);
  assert.match(table, /attack: /);
});
