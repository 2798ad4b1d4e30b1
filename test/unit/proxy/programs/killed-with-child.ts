import { spawn } from 'node:child_process';
import { makeFolder } from '../../../../src/proxy/folder.ts';
import { testRuntime } from '../../kube/fixture.ts';

/** Starts a child that ignores SIGTERM, says its process ID, and is killed. */
const folder = makeFolder(testRuntime({ env: process.env }));
folder.write({
  kubeconfig: 'text',
  url: 'https://127.0.0.1:1',
  server: 'https://127.0.0.1:2',
  kubectlCache: process.argv[2] ?? '',
});
const child = spawn('/bin/sh', ['-c', 'trap "" TERM; while :; do sleep 1; done'], { stdio: 'ignore' });
folder.guard(child.pid);
process.stdout.write(`${child.pid}\n`, () => process.kill(process.pid, 'SIGKILL'));
