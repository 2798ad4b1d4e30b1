import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { programNameOf } from '../../../src/format/program-name.ts';

suite('the name of the program', () => {
  const cases: readonly (readonly [path: string | undefined, name: string, why: string])[] = [
    ['/usr/local/bin/kubectl-trace', 'kubectl trace', 'npm and archives'],
    ['/home/ann/.krew/bin/kubectl-api_trace', 'kubectl api-trace', "krew's index"],
    ['/home/ann/.krew/bin/kubectl-trace', 'kubectl trace', 'our own index'],
    [String.raw`C:\Users\me\.krew\bin\kubectl-api_trace.exe`, 'kubectl api-trace', 'krew on Windows'],
    [String.raw`C:\bin\kubectl-trace.EXE`, 'kubectl trace', 'an archive on Windows'],
    ['kubectl-net-trace', 'kubectl net trace', 'dashes divide words'],
    ['./kubectl-trace.v2', 'kubectl trace.v2', 'a dot is a letter'],
    [undefined, 'kubectl trace', 'not known'],
    ['/usr/bin/node', 'kubectl trace', 'not a plugin'],
    ['/usr/bin/oc-trace', 'kubectl trace', "another program's plugin"],
    ['/tmp/kubectl', 'kubectl trace', 'kubectl itself'],
    ['/tmp/kubectl-', 'kubectl trace', 'no word'],
    ['/tmp/kubectl--trace', 'kubectl trace', 'an empty word'],
    ['/tmp/kubectl-_trace', 'kubectl trace', 'a word that is a flag'],
    ['/tmp/kubectl-\u001b[31mtrace', 'kubectl trace', 'an escape sequence'],
    ['/tmp/\u001b[31m/kubectl-trace', 'kubectl trace', 'an escape sequence in the folder'],
    ['/tmp/kubectl-tra\nce', 'kubectl trace', 'a line break'],
    ['/tmp/kubectl-$(id)', 'kubectl trace', 'a command of a shell'],
    ['/tmp/kubectl-tràce', 'kubectl trace', 'beyond ASCII'],
    [`/tmp/kubectl-${'t'.repeat(65)}`, 'kubectl trace', 'too long for a line'],
  ];
  for (const [path, name, why] of cases) {
    test(`${JSON.stringify(path)} is ${name}: ${why}`, () => assert.equal(programNameOf(path), name));
  }
});
