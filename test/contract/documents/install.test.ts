import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import packageJSON from '../../../package.json' with { type: 'json' };
import { debOf } from '../../../scripts/release/deb.ts';
import { archiveOf, TARGETS } from '../../../scripts/release/targets.ts';
import { install } from '../../../src/commands/completion/install.ts';
import { tracerFile } from '../../../src/commands/setup/tracer-file.ts';
import { FLAGS } from '../../../src/commands/index.ts';
import { replaceFile } from '../../../src/files.ts';
import { openCacheFile } from '../../../src/kube/api/cache-file.ts';
import type { Cluster } from '../../../src/kube/http/exchange.ts';
import { openForWriting } from '../../../src/store/database.ts';
import { rememberBackend } from '../../../src/tracing/backend/in-cluster/remembered.ts';
import { defaultDatabase, writeServeState } from '../../../src/tracing/backend/serve-state.ts';
import { rememberDocument } from '../../../src/tracing/history.ts';
import { openDigest } from '../../../src/tracing/redaction.ts';
import { nanos } from '../../../src/trace/time.ts';
import { cleanHome, kubectlTrace, launcher } from '../../support/kubectl-trace.ts';
import { testRuntime } from '../../unit/kube/fixture.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const { version } = packageJSON;

/** Leaves each file that the program leaves, by the code that writes it, and returns the folder of the PATH. */
async function leaveFiles(home: string): Promise<string> {
  const bin = join(home, 'bin');
  const runtime = testRuntime({ home, env: { PATH: bin }, startedAs: join(bin, 'kubectl-trace') });
  await kubectlTrace(home, ['get', 'nodes', '--kubeconfig', '/none']);
  await rememberDocument({}, { traceID: 'a'.repeat(32), startTime: nanos(1) } as never, runtime);
  const cluster = { contextName: 'one', server: 'https://one' } as Cluster;
  await rememberBackend({ kind: 'jaeger', url: `${cluster.server}/`, via: 'proxy' }, cluster, runtime);
  await openDigest(runtime);
  const database = openForWriting(defaultDatabase(runtime), 1 << 24, runtime.uid);
  await writeServeState({ secret: '', pid: 1, url: '', database: '' }, runtime);
  for (const kind of ['discovery', 'flow-control', 'metrics-access'] as const) {
    await openCacheFile(kind, {}, cluster.server, runtime).write('{}');
  }
  const { default: tracerName = '' } = FLAGS.find(({ name }) => name === 'tracer-name')!;
  await replaceFile(tracerFile(tracerName, {}, runtime).path, '');
  mkdirSync(bin);
  symlinkSync(launcher, join(bin, 'kubectl-trace'));
  await install('kubectl-trace', runtime);
  assert.ok(readdirSync(join(home, '.local/state/kubectl-trace')).includes('traces.db-wal'), 'it is open');
  assert.ok(database.isOpen);
  return bin;
}

suite('docs/install.md and README.md', () => {
  const page = textOf('docs/install.md');
  const archives = TARGETS.map((target) => archiveOf(target, version));
  const packages = TARGETS.filter(({ os }) => os === 'linux').map((target) => debOf(target, version));
  const namesIn = (text: string): string[] => [
    ...new Set(text.match(/\bkubectl-trace_v?\d[\w.]*(?:tar\.gz|zip|deb|json)/g)),
  ];

  test('name the files of a release of this version, and no others', () => {
    const release = textOf('scripts/release.ts');
    const bill = `kubectl-trace_v${version}.cdx.json`;
    assert.deepEqual(namesIn(page).toSorted(), [...archives, ...packages, bill].toSorted());
    const known = new Set([...archives, ...packages]);
    assert.deepEqual(
      namesIn(textOf('README.md')).filter((name) => !known.has(name)),
      [],
    );
    for (const name of ['SHA256SUMS', 'api-trace.yaml', 'kubectl-trace.rb', 'kubectl-trace.json']) {
      assert.ok(page.includes(`\`${name}\``), name);
      assert.ok(release.includes(`'${name}'`), name);
    }
  });

  test('name every file that the program leaves, with its mode, and no others', async () => {
    const rows = [...page.matchAll(/^\| `([^`]+)` +\| .*? \| (0\d{3}) +\| /gm)].map(([, path = '', mode = '']) => ({
      path,
      mode,
    }));
    const home = cleanHome();
    try {
      const bin = await leaveFiles(home.path);
      const found = new Set<string>();
      for (const entry of readdirSync(home.path, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const file = join(entry.parentPath, entry.name);
        const local = file.replace(home.path, '~').replace(/(?<=\.db)-(?:wal|shm)$/, '');
        const shown = entry.parentPath === bin ? entry.name : local;
        const row = rows.find(({ path }) => path === shown || (path.endsWith('/') && shown.startsWith(path)));
        assert.ok(row, `${shown} is in no row`);
        assert.equal((statSync(file).mode & 0o777).toString(8).padStart(4, '0'), row.mode, shown);
        found.add(row.path);
      }
      assert.deepEqual(
        rows.map(({ path }) => path),
        [...found].toSorted((one, other) => indexOf(one) - indexOf(other)),
      );
    } finally {
      home.remove();
    }

    function indexOf(path: string): number {
      return rows.findIndex((row) => row.path === path);
    }
  });
});
