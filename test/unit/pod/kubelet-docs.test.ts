import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { errorTable, eventTable, rejectionTable } from '../../support/kubelet-tables.ts';
import { drawSnapshot } from '../../support/pod-snapshot.ts';

const document = readFileSync(new URL('../../../docs/kubelet.md', import.meta.url), 'utf8');
/** Tables are padded by the formatter. */
const rows = document.split('\n').map((line) => line.replace(/ +/g, ' ').trim());

/** Rows between the head of a table and the line after it. */
function tableAfter(head: string): string[] {
  const start = rows.findIndex((row) => row === head);
  assert.notEqual(start, -1, head);
  const end = rows.indexOf('', start);
  return rows.slice(start + 2, end);
}

const squeezed = (table: readonly string[]): string[] => table.map((row) => row.replace(/ +/g, ' '));

test('docs/kubelet.md gives each kubelet and volume controller event the same meaning as the code', () => {
  assert.deepEqual(tableAfter('| Kind | Stage | Events | Meaning |'), squeezed(eventTable()));
});

test('docs/kubelet.md lists the same kubelet rejections as the code', () => {
  assert.deepEqual(tableAfter('| Kubernetes says | Meaning | Owner | What to change |'), squeezed(rejectionTable()));
});

test('docs/kubelet.md interprets each error text as the code does', () => {
  assert.deepEqual(tableAfter('| Step | Text | What is said of it | Owner |'), squeezed(errorTable(drawSnapshot({}))));
});
