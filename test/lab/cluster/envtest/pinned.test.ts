import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { load } from 'js-yaml';
import { goEnvironment } from '../go.ts';
import { ENVTEST_SUMS, ENVTEST_VERSION } from './pinned.ts';

const execute = promisify(execFile);

/** A release of controller-tools whose Go module has the list of archives, and the module's sum as go.sum would have it. */
const MODULE = 'sigs.k8s.io/controller-tools@v0.23.0';
const MODULE_SUM = 'h1:GFmPTaHSyje/kZv/4XOdR1v3rWz0/OJixwpPnGyV4Sw=';

const env = goEnvironment(process.env);
const hasGo = await execute('go', ['version'], { env }).then(
  () => true,
  () => false,
);

interface Releases {
  readonly releases: Readonly<Record<string, Readonly<Record<string, { readonly hash: string }>> | undefined>>;
}

test(
  'the pinned checksums are those that controller-tools publishes',
  { skip: hasGo ? false : 'needs Go' },
  async () => {
    const { stdout } = await execute('go', ['mod', 'download', '-json', MODULE], { env });
    const { Dir: folder, Sum: sum } = JSON.parse(stdout) as { readonly Dir: string; readonly Sum: string };
    assert.equal(sum, MODULE_SUM);
    const { releases } = load(await readFile(join(folder, 'envtest-releases.yaml'), 'utf8')) as Releases;
    const archives = releases[`v${ENVTEST_VERSION}`] ?? {};
    const published = Object.keys(ENVTEST_SUMS).map((target) => [
      target,
      archives[`envtest-v${ENVTEST_VERSION}-${target}.tar.gz`]?.hash,
    ]);
    assert.deepEqual(ENVTEST_SUMS, Object.fromEntries(published));
  },
);
