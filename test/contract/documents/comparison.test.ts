import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, suite, test } from 'node:test';
import { load } from 'js-yaml';
import { executables } from '../../lab/cluster/build.ts';
import { serve } from '../../support/http-server.ts';
import { parse } from '../../support/parse.ts';
import { runKubectl } from '../kubectl.ts';

const page = readFileSync(new URL('../../../docs/comparison.md', import.meta.url), 'utf8');
const cellsOf = (row: string): string[] => row.split('|').map((cell) => cell.trim());

interface K9sPlugin {
  readonly scopes: readonly string[];
  readonly command: string;
  readonly args: readonly string[];
}

/** Members of a plugin, as internal/config/json/schemas/plugins.json of k9s has them; the first four are required. */
const K9S_MEMBERS = ['command', 'description', 'scopes', 'shortCut', 'args', 'background'] as const;

/** Values that k9s has for a row of the first view of a plugin. */
const replaced = (word: string, view: string): string =>
  word.replace('$RESOURCE_NAME', view).replace(/^\$CONTEXT$|^\$NAMESPACE$|\$NAME$/, 'web');

suite('docs/comparison.md: the plugins for k9s', () => {
  const [, yaml = ''] = /^```yaml\n([^]*?)^```$/m.exec(page) ?? [];
  const { plugins } = load(yaml) as { readonly plugins: Readonly<Record<string, K9sPlugin>> };

  for (const [name, plugin] of Object.entries(plugins)) {
    test(`${name} has the members that k9s requires, and a separate key`, () => {
      assert.deepEqual(Object.keys(plugin).toSorted(), K9S_MEMBERS.toSorted());
      assert.equal(new Set([...yaml.matchAll(/shortCut: (.*)/g)].map(([, key]) => key)).size, 2);
    });

    test(`${name} runs a command that is understood, in each of its views`, () => {
      const [flag, line = ''] = plugin.args;
      assert.deepEqual([plugin.command, flag], ['sh', '-c']);
      const [, words = ''] = /^kubectl trace (.*) 2>&1 \| less -R$/.exec(line) ?? [];
      for (const view of plugin.scopes) {
        const argv = words.split(' ').map((word) => replaced(word, view));
        assert.ok(!argv.join(' ').includes('$'), argv.join(' '));
        assert.match(parse(argv, {}).kind, /^(?:pod|get)$/);
      }
    });
  }
});

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
