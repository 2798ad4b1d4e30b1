import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { executable } from '../lab/cluster/build.ts';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { helm } from '../lab/cluster/versions.ts';
import { cleanHome } from '../support/kubectl-trace.ts';
import type { Document } from '../support/schema.ts';
import { RunScene, type Ran } from './run-scene.ts';

const cluster = sharedCluster();
const home = cleanHome();
after(() => home.remove());
const scene = new RunScene(cluster, home.path);
const chart = join(home.path, 'web');
let program = '';

before(async () => {
  program = await executable(helm);
  mkdirSync(join(chart, 'templates'), { recursive: true });
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: web\nversion: 0.1.0\n');
  writeFileSync(join(chart, 'values.yaml'), 'color: blue\n');
  for (const name of ['one', 'two', 'three']) {
    writeFileSync(
      join(chart, 'templates', `${name}.yaml`),
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { color: {{ .Values.color }} }\n`,
    );
  }
});

async function run(...args: readonly string[]): Promise<Ran> {
  const ran = await scene.run(['--context', 'masters'], [program, ...args]);
  assert.equal(ran.code, 0, ran.stderr);
  for (const { method, lookup } of ran.document.requests)
    assert.ok(
      lookup?.verdict === 'complete' || (method === 'DELETE' && isStalledDeletion(lookup)),
      JSON.stringify(ran.document.requests.map(({ lookup: each }) => each)),
    );
  return ran;
}

/** A pause of 1 ms between two calls of a deletion could hide another call: on a busy machine it is settled, for that reason. */
const isStalledDeletion = (lookup: Document['requests'][number]['lookup']): boolean =>
  lookup?.verdict === 'settled' && lookup.reasons.every(({ code }) => code === 'uncounted-calls');

const written = ({ document }: Ran): string[] =>
  document.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path.replace('/api/v1/namespaces/default/', '')}`)
    .toSorted();

const RELEASE = 'secrets/sh.helm.release.v1.web';

test('helm installs, upgrades, lists and removes: every request is in the tree', async () => {
  const installed = await run('install', 'web', chart);
  assert.match(installed.stdout, /STATUS: deployed/);
  assert.deepEqual(
    written(installed).filter((line) => line.startsWith('POST secrets') || line.includes('configmaps')),
    [...['one', 'three', 'two'].map((name) => `PATCH configmaps/${name}`), 'POST secrets'],
  );
  assert.ok(written(installed).includes(`PUT ${RELEASE}.v1`), written(installed).join('\n'));
  const stored = await cluster().call('GET', '/api/v1/namespaces/default/configmaps/two');
  assert.equal((JSON.parse(stored.body) as { data: { color: string } }).data.color, 'blue');

  const upgraded = await run('upgrade', 'web', chart, '--set', 'color=green');
  assert.match(upgraded.stdout, /has been upgraded/);
  const changed = await cluster().call('GET', '/api/v1/namespaces/default/configmaps/two');
  assert.equal((JSON.parse(changed.body) as { data: { color: string } }).data.color, 'green');

  const listed = await run('list', '-q');
  assert.equal(listed.stdout, 'web\n');

  const removed = await run('uninstall', 'web');
  assert.ok(written(removed).includes('DELETE configmaps/two'));
  const absent = await cluster().call('GET', '/api/v1/namespaces/default/configmaps/two');
  assert.equal(absent.status, 404);
});
