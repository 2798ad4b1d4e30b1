import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import packageJSON from '../../../package.json' with { type: 'json' };

const textOf = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const page = textOf('docs/benchmarks.md');
const scripts = Object.keys(packageJSON.scripts).filter((name) => /^bench(?::|$)/.test(name));

/** The part of the page about one script. */
const sectionOf = (name: string): string =>
  page.split(/^## /m).find((part) => part.startsWith(`\`npm run ${name}\``)) ?? '';

/** The bounds of each script, as its source has them, and the words of the page for each. */
const BOUNDS: readonly (readonly [script: string, source: RegExp, words: (bound: string) => string])[] = [
  ['bench:start-up', /^const ROUNDS = (\d+)/m, (bound) => `${bound} pairs each`],
  ['bench:start-up', /^const NOISE = ([\d.]+)/m, (bound) => `Noise is ${bound}`],
  ['bench:start-up', /^const SLOWER = ([\d.]+)/m, (bound) => `at most ${bound} ×`],
  ['bench:proxy', /^const MAX_ADDED_MILLIS = (\d+)/m, (bound) => `at most ${bound} ms`],
  ['bench:proxy', /^const NOISE_MILLIS = (\d+)/m, (bound) => `Noise is ${bound} ms`],
  ['bench:metrics', /^const PRINTED_MILLIS = (\d+)/m, (bound) => `at most ${bound} ms`],
  ['bench:metrics', /^const REFUSED_MILLIS = (\d+)/m, (bound) => `at most ${bound} ms`],
  ['bench:spans', /^const MAX_TIME = ([\d.]+)/m, (bound) => `at most ${bound} ×`],
  ['bench:spans', /^const MAX_MEMORY = ([\d.]+)/m, (bound) => `at most ${bound} ×`],
  ['bench:pods', /GOALS = \{ seconds: (\d+)/, (bound) => `at most ${bound} s`],
  ['bench:pods', /GOALS = .* mebibytes: (\d+)/, (bound) => `at most ${bound} MiB`],
  ['bench:pods', /GOALS = .* requests: (\d+)/, (bound) => `at most ${bound} `],
  ['bench:page', /^const MAX_MEDIAN_MILLIS = (\d+)/m, (bound) => `at most ${bound} ms`],
  ['bench:page', /^const MAX_P95_MILLIS = (\d+)/m, (bound) => `at most ${bound} ms`],
  ['bench:serve', /^const MAX_MEMORY = (\d+)e6/m, (bound) => `below ${bound} MB`],
];

/** Scripts that are elsewhere: that of the page has the types of a browser. */
const SOURCES: Readonly<Record<string, string>> = { 'bench:page': 'test/page/bench.ts' };

suite('docs/benchmarks.md', () => {
  test('has every benchmark of package.json, and no other', () => {
    const described = [...page.matchAll(/^## `npm run ([\w:-]+)`$/gm)].map(([, name = '']) => name);
    assert.deepEqual(described.toSorted(), scripts.toSorted());
  });

  test('npm run bench runs those that the page names', () => {
    const run = [...textOf('scripts/bench.ts').matchAll(/import\('\.\/(bench-[\w-]+)\.ts'\)/g)];
    const named = [...sectionOf('bench').matchAll(/`(bench:[\w-]+)`/g)];
    assert.deepEqual(
      named.map(([, name]) => name),
      run.map(([, file = '']) => file.replace('-', ':')),
    );
  });

  for (const name of scripts.filter((script) => script !== 'bench')) {
    test(`${name} says what it measures, and of each figure whether the machine was quiet`, () => {
      const section = sectionOf(name);
      const rows = [...section.matchAll(/^\|.*\|$/gm)].map(([row]) => row.split('|').map((cell) => cell.trim()));
      const [header = [], , ...figures] = rows;
      assert.ok(header.some((cell) => cell.startsWith('Goal')) && header.some((cell) => cell.startsWith('Last')));
      const [quiet, last] = ['Quiet', 'Last'].map((title) => header.findIndex((cell) => cell.startsWith(title)));
      assert.ok(figures.length > 0);
      for (const cells of figures) {
        const isMeasured = cells[last!] !== 'not measured yet';
        assert.match(cells[quiet!]!, isMeasured ? /^(?:yes|no|any)$/ : /^$/, cells.join('|'));
      }
    });
  }

  for (const [name, source, words] of BOUNDS) {
    test(`${name} has the bound of its script: ${words('…')}`, () => {
      const [, bound] = source.exec(textOf(SOURCES[name] ?? `scripts/${name.replace(':', '-')}.ts`)) ?? [];
      assert.ok(bound !== undefined, String(source));
      assert.ok(sectionOf(name).includes(words(bound)), words(bound));
    });
  }

  test('the goals of the start are those of its script', () => {
    const script = textOf('scripts/bench-start-up.ts');
    const goals = [
      ...script.matchAll(/\{ token: ([\d.]+), certificate: ([\d.]+), 'exec plugin': ([\d.]+), insecure: ([\d.]+) \}/g),
    ];
    const [npm = [], executable = []] = goals.map(([, ...four]) => four);
    const rows = [...sectionOf('bench:start-up').matchAll(/^\| `get ns`, (\w+).*$/gm)];
    const order = ['token', 'client', 'exec', 'no'];
    const sorted = rows.toSorted(([, one = ''], [, other = '']) => order.indexOf(one) - order.indexOf(other));
    const cells = sorted.map(([row]) => row.split('|').map((cell) => cell.trim().replace(' ×', '')));
    assert.deepEqual(
      cells.map(([, , first]) => first),
      npm,
    );
    assert.deepEqual(
      cells.map(([, , , second]) => second),
      executable,
    );
  });
});
