import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { REASONS } from '../../../src/pod/reason.ts';
import { STAGES } from '../../../src/pod/stage.ts';
import { signTable } from '../../support/sign-table.ts';

const document = readFileSync(new URL('../../../docs/pod.md', import.meta.url), 'utf8');
/** Tables are padded by the formatter. */
const rows = document.split('\n').map((line) => line.replace(/ +/g, ' ').trim());

test('docs/pod.md maps the same Kubernetes strings to reasons as the code', () => {
  const told = rows.filter(
    (row) => REASONS.some((reason) => row.startsWith(`| ${reason} | `)) && row.split(' | ').length === 3,
  );
  assert.deepEqual(
    told.filter((row) => !row.startsWith('| Unknown ')),
    signTable(),
  );
});

test('docs/pod.md lists every stage in order, and every reason', () => {
  const stages = rows
    .flatMap((row) => /^\| (\w+) \| [^|]+ \|$/.exec(row)?.[1] ?? [])
    .filter((word) => (STAGES as readonly string[]).includes(word));
  assert.deepEqual(stages, STAGES);
  for (const reason of REASONS) assert.ok(document.includes(`| ${reason} `), reason);
});
