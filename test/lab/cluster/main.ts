import { dirname } from 'node:path';
import { startCluster } from './cluster.ts';
import { startNode } from './node/node.ts';

/** `npm run cluster`: a cluster in the foreground, until Ctrl-C; with `-- --node` it has a node that runs pods. */
const withNode = process.argv.includes('--node');
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

try {
  process.stderr.write(
    withNode
      ? 'starting a cluster and its node, usually within 40 seconds\n'
      : 'starting etcd, kube-apiserver and Jaeger, usually within 10 seconds\n',
  );
  const options = { signal: interrupted.signal };
  const node = withNode ? await startNode(options) : undefined;
  const cluster = node?.cluster ?? (await startCluster(options));
  process.stdout.write(`export KUBECONFIG=${cluster.kubeconfig}
export KUBECTL_TRACE_BACKEND=jaeger=${cluster.backendURL}
`);
  process.stderr.write(`
Paste these two lines into another terminal. The contexts of this kubeconfig:
  admin        an ordinary cluster-admin, as kubeadm makes one; the current context
  cert         the same user, with a client certificate in place of a token
  masters      of the group system:masters
  monitoring   of the group system:monitoring, and a cluster-admin
  nobody       has no permissions (403)
  wrong-token  is refused (401)
Jaeger:  ${cluster.backendURL}
kubectl: ${dirname(cluster.binaries.kubectl)}
Logs:    ${cluster.logs}
${node === undefined ? '' : `Node:    ${node.name}; the one image it can pull: registry.test/lab:1\n`}Ctrl-C ends the cluster and removes its files.
`);
  await untilInterrupted();
  process.stderr.write('ending the cluster\n');
  await (node ?? cluster).stop();
} catch (error) {
  if (!interrupted.signal.aborted) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

/** A cluster does not keep this process running; the timer does. */
function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {}, 1 << 30);
    const end = (): void => {
      clearInterval(timer);
      resolve();
    };
    if (interrupted.signal.aborted) end();
    interrupted.signal.addEventListener('abort', end);
  });
}
