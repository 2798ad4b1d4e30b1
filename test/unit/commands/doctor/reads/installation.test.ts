import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { readInstallation } from '../../../../../src/commands/doctor/reads/installation.ts';
import { checkInstallation } from '../../../../../src/doctor/checks/installation.ts';
import { exposedFolder } from '../../../../../src/process/exposed-folder.ts';
import type { CheckResult } from '../../../../../src/doctor/result.ts';
import { observed } from '../../../../support/observed.ts';
import { HERE } from '../../../../support/platforms.ts';

let folder: string;
let bin: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'kubectl-trace-installation-')));
  bin = join(folder, 'bin');
  mkdirSync(bin);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(...names: readonly string[]): void {
  for (const name of names) writeFileSync(join(bin, name), '', { mode: 0o755 });
}

/** The check of a program that was started as `startedAs`. */
function checked(startedAs: string, path = bin): CheckResult {
  const installation = readInstallation({
    env: { PATH: path },
    platform: HERE,
    startedAs,
    exposedFolder: () => exposedFolder(join(folder, '.cache', 'kubectl-trace', 'compiled'), process.geteuid?.()),
  });
  return checkInstallation(observed({ installation }));
}

suite('the check of the installation', { skip: process.platform === 'win32' ? 'needs modes of files' : false }, () => {
  for (const [name, words] of [
    ['kubectl-trace', 'kubectl trace'],
    ['kubectl-api_trace', 'kubectl api-trace'],
  ] as const) {
    test(`looks for ${name} where it was started under that name`, () => {
      put(name);
      const self = join(bin, name);
      const { state, summary, looked } = checked(self);
      assert.deepEqual([state, summary], ['ok', `the first on the PATH is this program: ${self}`]);
      assert.ok(looked.includes(`first ${name} on the PATH: ${self}`));
      const missing = checked(self, folder);
      assert.deepEqual(
        [missing.state, missing.summary],
        ['unknown', `no ${name} is on the PATH: ${words} does not find it`],
      );
      put(`${name}-get`);
      assert.deepEqual(checked(self).causes, ['ProgramHijacked']);
    });
  }

  test("under krew's name another plugin named trace is of no concern", () => {
    put('kubectl-trace', 'kubectl-trace-get', 'kubectl-api_trace');
    assert.equal(checked(join(bin, 'kubectl-api_trace')).state, 'ok');
    const elsewhere = checked(join(folder, 'kubectl-api_trace'));
    assert.deepEqual(elsewhere.causes, ['ProgramShadowed']);
    assert.doesNotMatch(elsewhere.fix.join('\n'), /krew uninstall trace/);
    assert.match(checked(join(folder, 'kubectl-trace')).fix.join('\n'), /krew uninstall trace/);
  });

  test('names the folder for which compiled code is not stored, and only then', () => {
    put('kubectl-trace');
    const cache = join(folder, '.cache');
    const line = `compiled code is not stored, and starting is slower: others may write to ${cache}`;
    const isNamed = (): boolean => checked(join(bin, 'kubectl-trace')).looked.includes(line);
    assert.equal(isNamed(), false);
    mkdirSync(join(cache, 'kubectl-trace', 'compiled'), { recursive: true, mode: 0o700 });
    assert.equal(isNamed(), false);
    chmodSync(cache, 0o775);
    assert.equal(isNamed(), true);
    assert.equal(checked(join(bin, 'kubectl-trace')).state, 'ok');
    chmodSync(cache, 0o755);
    assert.equal(isNamed(), false);
  });
});
