import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { readTracingFile } from '../../../../src/commands/doctor/reads/tracing-file.ts';
import { UsageError } from '../../../../src/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracing-file-'));
after(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
const GOOD = 'apiVersion: apiserver.config.k8s.io/v1\nkind: TracingConfiguration\nendpoint: 10.0.0.9:4317\n';

function written(name: string, text: string): string {
  writeFileSync(at(name), text);
  return at(name);
}

const refusal = async (path: string): Promise<string> => {
  // A pipe that is opened blocks until it has a writer.
  const error: unknown = await Promise.race([
    readTracingFile(path).catch((reason: unknown) => reason),
    new Promise((resolve) => setTimeout(resolve, 2000, 'still reading')),
  ]);
  assert.ok(error instanceof UsageError, String(error));
  return `${error.message}; ${error.hint}`;
};

suite('the file of --tracing-config-file', () => {
  test('is read up to 1 MiB', async () => {
    const comment = '#'.repeat(1024 * 1024 - GOOD.length);
    assert.equal((await readTracingFile(written('largest', GOOD + comment)))?.endpoint, '10.0.0.9:4317');
    assert.match(await refusal(written('larger', `${GOOD}${comment}#`)), /larger than 1 MiB/);
  });

  test(
    'is a regular file: nothing waits for a pipe, and a device has no end',
    { skip: process.platform === 'win32' && 'Windows has no mkfifo' },
    async () => {
      execFileSync('mkfifo', [at('pipe')]);
      assert.match(await refusal(at('pipe')), /pipe is not a TracingConfiguration: it is not a regular file; .*copy/);
      assert.match(await refusal('/dev/zero'), /it is not a regular file/);
      assert.match(await refusal(folder), /it is not a regular file/);
    },
  );

  test('that does not exist is named so', async () => assert.match(await refusal(at('absent')), /no such file/));
});
