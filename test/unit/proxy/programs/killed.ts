import { makeFolder } from '../../../../src/proxy/folder.ts';
import { testRuntime } from '../../kube/fixture.ts';

/** Makes a folder, says where its kubeconfig is, and is killed. */
const folder = makeFolder(testRuntime({ env: process.env }));
folder.write({
  kubeconfig: 'text',
  url: 'https://127.0.0.1:1',
  server: 'https://127.0.0.1:2',
  kubectlCache: process.argv[2] ?? '',
});
process.stdout.write(`${folder.kubeconfig}\n`, () => process.kill(process.pid, 'SIGKILL'));
