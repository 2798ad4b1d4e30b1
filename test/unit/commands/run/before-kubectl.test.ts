import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { folderOf } from '../../kube/folder.ts';

const entry = fileURLToPath(new URL('../../../../dist/main.js', import.meta.url));

/** Writes which of Node's own modules are loaded when a process is about to be started. */
const WATCH = `
  const { ChildProcess } = require('node:child_process');
  const { spawn } = ChildProcess.prototype;
  ChildProcess.prototype.spawn = function (options) {
    const loaded = process.moduleLoadList.join('\\n');
    require('node:fs').writeFileSync(process.env.SEEN + '.' + options.file.split('/').at(-1), loaded);
    return spawn.call(this, options);
  };
`;

const KUBECONFIG = JSON.stringify({
  clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
  users: [{ name: 'u', user: { token: 'secret' } }],
  contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  'current-context': 'c',
});

test('run: cryptography is loaded when kubectl has been started, also with compiled code of an earlier run', async (context) => {
  const folder = await folderOf(context, { 'watch.cjs': WATCH, kubeconfig: KUBECONFIG });
  // Any program that ends on its own.
  copyFileSync('/bin/true', join(folder, 'kubectl'));
  const env = {
    PATH: [folder, '/usr/bin', '/bin'].join(delimiter),
    HOME: folder,
    KUBECONFIG: join(folder, 'kubeconfig'),
    SEEN: join(folder, 'seen'),
  };
  const args = ['-r', join(folder, 'watch.cjs'), entry, 'run', '--wait', '0', '--', 'kubectl', 'get', 'nodes'];
  for (let run = 1; run <= 2; run++) {
    execFileSync(process.execPath, args, { env });
    const loaded = readFileSync(`${env.SEEN}.kubectl`, 'utf8').split('\n');
    assert.ok(loaded.includes('NativeModule child_process'));
    const early = loaded.filter((name) => /^NativeModule (?:crypto|tls|https?|internal\/crypto\/.*)$/.test(name));
    assert.deepEqual(early, [], `run ${run}`);
  }
});
