import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';

const root = (path: string): URL => new URL(`../../${path}`, import.meta.url);

interface Row {
  readonly threat: string;
  readonly holds: string;
  readonly shown: string;
}

/** The rows of all tables of docs/security.md. */
const ROWS: readonly Row[] = readFileSync(root('docs/security.md'), 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => cells.length === 5 && !/^-*$/.test(cells[1]!) && cells[1] !== 'Threat')
  .map(([, threat = '', holds = '', shown = '']) => ({ threat, holds, shown }));

/** `path`: title; title; `path`: title */
function namedTests(shown: string): { readonly path: string; readonly title: string }[] {
  let path = '';
  return shown.split('; ').map((part) => {
    const [, file, title = ''] = /^(?:`([^`]+)`: )?(.*)$/.exec(part) ?? [];
    path = file ?? path;
    return { path, title };
  });
}

/** What a test puts into its title is `…` in the table. */
const titlesIn = (path: string): readonly string[] =>
  [...readFileSync(root(path), 'utf8').matchAll(/\b(?:test|suite)\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g)].map(
    ([, , title = '']) =>
      title
        .replaceAll(/\$\{[^}]*\}/g, '…')
        .replaceAll(/…[^a-z]*…/g, '…')
        .replaceAll(/\\(['"`])/g, '$1'),
  );

/** Titles in a table have one cell: what `…` stands for may hold words as well. */
const matches = (named: string, title: string): boolean =>
  named === title || (named.endsWith('…') && title.startsWith(named.slice(0, -1)) && title.includes('…'));

suite('the table of threats in docs/security.md', () => {
  test('has a guarantee and a test for each threat', () => {
    assert.ok(ROWS.length > 30, String(ROWS.length));
    for (const { threat, holds, shown } of ROWS) {
      assert.ok(threat !== '' && holds !== '', threat);
      assert.match(shown, /^`test\/.+\.test\.ts`: ./, threat);
    }
  });

  for (const { threat, shown } of ROWS) {
    test(`names existing tests: ${threat}`, () => {
      for (const { path, title } of namedTests(shown)) {
        assert.ok(existsSync(root(path)), path);
        const titles = titlesIn(path);
        assert.ok(
          titles.some((one) => matches(title, one)),
          `${path} has no test called "${title}"; it has\n${titles.join('\n')}`,
        );
      }
    });
  }
});
