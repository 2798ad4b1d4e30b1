import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { suite, test } from 'node:test';

const SOURCES = new URL('../../src/', import.meta.url);

/** Texts that hold only words of the command line, versions and numbers. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  'cli/objects.ts': 'a verb',
  'cli/split.ts': 'a verb',
  'main.ts': 'versions and paths of Node.js',
  'serve/self.ts': 'what is signed',
  'commands/delete/arguments.ts': 'a typed resource type',
  'commands/help/text.ts': 'a usage line',
  'commands/pod/arguments.ts': 'a typed type and name',
  'commands/run/arguments.ts': 'a typed word',
  'commands/serve/run.ts': 'a process ID and a path of this user',
  'serve/query/page.ts': 'a trace ID',
  'store/database.ts': 'a format number',
};

/** What makes a command, or one word of it. */
const QUOTES = /(?:\b(?:shell|shellPart|powerShell|tag))$/;

/** Where a template without quoting puts a value into a command: `kubectl get ${name}`, `--backend ${url}`. */
function unquoted(line: string): readonly string[] {
  return [
    ...line.matchAll(/\bkubectl[ $]|\$\{program(?:Name|Part)\(\)\} |--(?:backend|context|namespace) \$|(?<= )-n \$/g),
  ].flatMap(({ index, 0: found }) => {
    const start = line.lastIndexOf('`', index);
    if (start < 0 || QUOTES.test(line.slice(0, start))) return [];
    const rest = line.slice(index, line.indexOf('`', index) + 1);
    const values = [
      ...rest.matchAll(/\$\{(?!program(?:Name|Part)\(\)|shellWord\(|shell`|shellPart`|counted\(|report\.toolVersion)/g),
    ];
    return values.length === 0 || /^\s*(?:\*|\/\/|\/\*)/.test(line) ? [] : [`${found.trim()} in ${line.trim()}`];
  });
}

suite('commands to copy', () => {
  test('are found if they contain a value without quotes', () => {
    assert.equal(unquoted('hint: `see kubectl get ${name}`').length, 1);
    assert.equal(unquoted('hint: `give --backend ${kind}=${url}`').length, 1);
    assert.equal(unquoted('hint: `see ${programName()} get ${name}`').length, 1);
    assert.equal(unquoted('hint: `see ${shell`${programPart()} get ${name}`}`').length, 0);
    assert.equal(unquoted('hint: `see ${shell`kubectl get ${name}`}`').length, 0);
    assert.equal(unquoted('hint: `give --backend ${shellWord(`${kind}=${url}`)}`').length, 0);
    assert.equal(unquoted('hint: `${name}: kubectl config view shows it`').length, 0);
  });

  for (const path of readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts') || path in OWN_WORDS) continue;
    const found = readFileSync(new URL(path, SOURCES), 'utf8').split('\n').flatMap(unquoted);
    if (found.length > 0) test(`of ${path} quote every value`, () => assert.deepEqual(found, []));
  }

  test('with words of the command line are still present', () => {
    for (const path of Object.keys(OWN_WORDS)) {
      assert.ok(readFileSync(new URL(path, SOURCES), 'utf8').split('\n').flatMap(unquoted).length > 0, path);
    }
  });
});
