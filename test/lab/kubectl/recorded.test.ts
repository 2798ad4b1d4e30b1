import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { isNativeVerb } from '../../../src/commands/kubectl/flags.ts';
import { defaultKubernetes } from '../cluster/versions.ts';
import { COMMANDS } from './commands.ts';
import { faults } from './compare.ts';
import { readRecording } from './recording.ts';

const { kubernetes, commands } = readRecording();
const document = readFileSync(new URL('../../../docs/kubectl.md', import.meta.url), 'utf8');

test('each command is recorded, with the version that the tests use', () => {
  assert.equal(kubernetes, defaultKubernetes);
  assert.deepEqual(
    commands.map(({ command }) => command),
    COMMANDS.map(({ name }) => name),
  );
});

test('at least 40 of them are no native verbs', () => {
  const others = COMMANDS.filter(({ args: [verb = ''] }) => !isNativeVerb(verb));
  assert.ok(others.length >= 40, String(others.length));
});

suite('a command of kubectl ends alone as it does behind trace', () => {
  for (const [index, command] of COMMANDS.entries()) {
    test(command.name, () => assert.deepEqual(faults(commands[index]!, command), []));
  }
});

test('docs/kubectl.md names each command whose output differs, and how many were compared', () => {
  const rows = document.split('\n').filter((line) => line.startsWith('| `'));
  for (const { name, differs } of COMMANDS.filter((command) => command.differs !== undefined)) {
    const verb = name.split(' ')[0]!;
    assert.ok(
      rows.some((row) => row.startsWith(`| \`${verb}\``) && row.includes(differs!)),
      `${name}: ${differs}`,
    );
  }
  assert.match(document, new RegExp(`\\b${COMMANDS.length} commands of daily use\\b`, 'i'));
});
