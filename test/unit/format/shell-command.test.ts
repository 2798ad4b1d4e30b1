import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { commandInContext } from '../../../src/pod/in-context.ts';
import { powerShell, readCommand, shell, shellPart, shellWord } from '../../../src/format/shell-command.ts';

const HOSTILE = [
  '$(id)',
  '`id`',
  "'; id; '",
  '"$(id)"',
  'a b',
  '!!',
  '~',
  '*',
  '{a,b}',
  'a\nid',
  'a\\',
  '',
  'a;id',
  '#',
  'é',
  "it's",
  '‘$(id)’',
];

/** What a shell makes of a command: its words. */
const wordsIn = (command: string): string[] =>
  execFileSync('sh', ['-c', `set -- ${command}; for word; do printf '%s\\0' "$word"; done`], {
    cwd: '/',
    encoding: 'utf8',
  })
    .split('\0')
    .slice(0, -1);

suite('a shell command', () => {
  for (const value of HOSTILE) {
    test(`has ${JSON.stringify(value)} as a word`, () => {
      assert.deepEqual(wordsIn(shell`kubectl get pod ${value} -n ${value} --selector=a=${value}`), [
        'kubectl',
        'get',
        'pod',
        value,
        '-n',
        value,
        `--selector=a=${value}`,
      ]);
    });
  }

  test('has any text as one word', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const value = text.replaceAll('\0', '').toWellFormed();
        assert.deepEqual(wordsIn(`x ${shellWord(value)}`), ['x', value]);
      }),
      { numRuns: 200 },
    );
  });

  test('has no quotes around a word that needs none', () => {
    assert.equal(shell`kubectl get pod ${'web-0'}${shellPart` -n ${'shop'}`}`, 'kubectl get pod web-0 -n shop');
    assert.equal(shell`df ${['/a', '/b c']}`, "df /a '/b c'");
    assert.equal(shell`kubectl get pv -o jsonpath='{.a\.b}'`, String.raw`kubectl get pv -o jsonpath='{.a\.b}'`);
  });

  test('has no value that would be read as a flag', () => {
    assert.equal(shell`kubectl get secret ${'--server=https://evil'}`, 'kubectl get secret NAME');
    assert.equal(shell`kubectl get pods -l a=${'-x'}`, 'kubectl get pods -l a=-x');
  });

  test('has the same values when a context is added', () => {
    for (const value of ['x | kubectl y', "a' | kubectl b", 'kubectl get']) {
      const command = commandInContext(shell`kubectl get pod ${value}`, ['--context', "it's $(id)"]);
      assert.deepEqual(wordsIn(command), ['kubectl', '--context', "it's $(id)", 'get', 'pod', value]);
    }
  });

  test('for PowerShell doubles every kind of quote', () => {
    assert.equal(powerShell`crictl.exe pull ${"a'b‘c’$(id)"}`, "crictl.exe pull 'a''b‘‘c’’$(id)'");
    assert.equal(powerShell`crictl.exe pull ${'shop/web:1'}`, 'crictl.exe pull shop/web:1');
  });

  test('of a document is a plain text if it would run anything else', () => {
    for (const plain of [
      'kubectl get pod web -n shop',
      `kubectl patch x -p '{"a":[]}'`,
      "nslookup '$(id)'",
      String.raw`x 'it'\''s'`,
    ]) {
      assert.equal(readCommand(plain), plain);
    }
    for (const hostile of [
      'nslookup $(id)',
      'x; id',
      'x | sh',
      'x > y',
      '`id`',
      'x\nid',
      "x '",
      'x "$(id)"',
      'x &',
      'x *',
    ]) {
      assert.deepEqual(wordsIn(readCommand(hostile)), [hostile]);
    }
  });
});
