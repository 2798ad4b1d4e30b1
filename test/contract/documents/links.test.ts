import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { anchorsOf, codeOf, linksOf, markdownDocuments, type Code } from '../../support/markdown.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Why a link leads nowhere; undefined for one that is good. The network is not used. */
function mistakeOf(link: string, path: string): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(link)) {
    return URL.canParse(link) && link.startsWith('https://') ? undefined : `${link} is not an address with https`;
  }
  const [file = '', anchor] = link.split('#', 2);
  const target = file === '' ? path : normalize(join(dirname(path), decodeURIComponent(file)));
  if (target.startsWith('..') || !existsSync(join(root, target))) return `${link}: ${target} does not exist`;
  if (anchor === undefined) return undefined;
  const isFound = target.endsWith('.md') && anchorsOf(readFileSync(join(root, target), 'utf8')).has(anchor);
  return isFound ? undefined : `${link}: ${target} has no heading with this anchor`;
}

/** A path of this repository, in which words in capitals stand for any name, or a test that is run by its path. */
function isMissing({ text }: Code): boolean {
  const [, path] =
    /^((?:src|test|scripts|docs|schema|bin|\.github|\.ci)\/[\w./*-]+)$/.exec(text) ??
    /\bnode --test (\S+)$/.exec(text) ??
    [];
  return path !== undefined && globSync(path.replaceAll(/\b[A-Z]+\b/g, '*'), { cwd: root }).length === 0;
}

suite('documents: links', () => {
  for (const { path, text } of markdownDocuments()) {
    test(`${path}: its links resolve, anchors included`, () => {
      assert.deepEqual(
        linksOf(text).flatMap((link) => mistakeOf(link, path) ?? []),
        [],
      );
    });

    // A decision names the files of its time.
    if (path.startsWith('docs/adr/')) continue;
    test(`${path}: the files of this repository that it names exist`, () => {
      assert.deepEqual(codeOf(text).filter(isMissing), []);
    });
  }

  test('a link that leads nowhere is found', () => {
    const links = linksOf(
      '[a](none.md) [b](#none) [c](pod.md#none) [d](http://example.org) `[e](code.md)`\n\n[f]: none.md',
    );
    assert.deepEqual(
      links.map((link) => mistakeOf(link, 'docs/output.md')),
      [
        'none.md: docs/none.md does not exist',
        '#none: docs/output.md has no heading with this anchor',
        'pod.md#none: docs/pod.md has no heading with this anchor',
        'http://example.org is not an address with https',
        'none.md: docs/none.md does not exist',
      ],
    );
  });

  test('a file that does not exist is found', () => {
    const code = codeOf('`src/none/`, `test/fixtures/NAME/` and `src/main.ts`\n\n    node --test test/none.test.ts\n');
    assert.deepEqual(
      code.filter(isMissing).map(({ text }) => text),
      ['src/none/', 'node --test test/none.test.ts'],
    );
  });

  test('anchors are those of GitHub', () => {
    const headings =
      '# What `serve` stores\n\n## A, B & [C](c.md)\n\n## Again\n\n## Again\n\n```sh\n# a comment\n```\n';
    assert.deepEqual([...anchorsOf(headings)], ['what-serve-stores', 'a-b--c', 'again', 'again-1']);
  });
});
