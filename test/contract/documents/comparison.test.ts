import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, suite, test } from 'node:test';
import { executables } from '../../lab/cluster/build.ts';
import { serve } from '../../support/http-server.ts';
import { runKubectl } from '../kubectl.ts';

const page = readFileSync(new URL('../../../docs/comparison.md', import.meta.url), 'utf8');
const cellsOf = (row: string): string[] => row.split('|').map((cell) => cell.trim());

suite('docs/comparison.md', () => {
  let kubectl: string;
  before(async () => {
    ({ kubectl } = await executables({ without: ['etcd', 'kube-apiserver', 'jaeger'] }));
  });

  test('a reader can check each tool, by a command or a source', () => {
    const [, section = ''] = /^## Tool by tool\n([^]*?)^## /m.exec(page) ?? [];
    const [header = '', , ...rows] = section.trim().split('\n');
    assert.deepEqual(cellsOf(header).slice(1, -1), ['Tool', 'Shows', 'Does not show', 'Needs', 'Check']);
    assert.ok(rows.length >= 10);
    for (const row of rows) {
      const [, tool = '', shows, lacks, needs, check = ''] = cellsOf(row);
      for (const cell of [tool, shows, lacks, needs]) assert.ok(cell, row);
      assert.match(check, /`kubectl [a-z]|\]\(https:\/\//, tool);
    }
  });

  for (const [verbosity, shown, hidden] of [
    [8, ['headers=', ' milliseconds=', 'Audit-Id: '], ['serverProcessingMilliseconds=']],
    [
      9,
      [
        ' milliseconds=',
        'dnsLookupMilliseconds=',
        'dialMilliseconds=',
        'tlsHandshakeMilliseconds=',
        'serverProcessingMilliseconds=',
      ],
      [],
    ],
  ] as const) {
    test(`kubectl -v=${verbosity} shows what the page says`, async (t) => {
      const { url } = await serve(t, (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'audit-id': 'e1' }).end('{}');
      });
      const { log } = await runKubectl(kubectl, ['get', '--raw', '/version', `-v=${verbosity}`, '--server', url]);
      for (const word of shown) assert.ok(log.includes(word), `${word} in\n${log}`);
      for (const word of hidden) assert.ok(!log.includes(word), word);
      // Whole milliseconds.
      assert.match(log, / milliseconds=\d+(?:\s|$)/);
    });
  }
});
