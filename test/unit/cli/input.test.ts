import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readsStandardInput } from '../../../src/cli/input.ts';
import { parse } from '../../support/parse.ts';

const readers: readonly (readonly [line: string, reads: boolean])[] = [
  ['create -f -', true],
  ['create -f a.yaml', false],
  ['apply --server-side -f a.yaml -f -', true],
  ['apply --server-side -f a.yaml,-', true],
  ['replace -f -', true],
  ['delete -f -', true],
  ['delete -f a.yaml', false],
  ['delete pod a', false],
  ['patch pod a --patch-file -', true],
  ['patch pod a --patch-file a.yaml', false],
  ['patch pod a -p {}', false],
  ['raw POST /a --data @-', true],
  ['raw POST /a --data -', false],
  ['raw POST /a --data @a.json', false],
  ['get pods', false],
];
for (const [line, reads] of readers) {
  test(`${line}: ${reads ? 'reads' : 'does not read'} standard input`, () => {
    const invocation = parse(line.split(' '), {});
    assert.equal(readsStandardInput(invocation as Parameters<typeof readsStandardInput>[0]), reads);
  });
}
