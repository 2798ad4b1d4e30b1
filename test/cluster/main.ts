import { dirname } from 'node:path';
import { startCluster } from './cluster.ts';

/** `npm run cluster`: a cluster in the foreground, until Ctrl-C. */
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

try {
  process.stderr.write('starting etcd, kube-apiserver and Jaeger, usually within 10 seconds\n');
  const cluster = await startCluster({ signal: interrupted.signal });
  process.stdout.write(`export KUBECONFIG=${cluster.kubeconfig}
export KUBECTL_TRACE_BACKEND=jaeger=${cluster.backendURL}
`);
  process.stderr.write(`
Paste these two lines into another terminal. The contexts of this kubeconfig:
  admin        an ordinary cluster-admin, as kubeadm makes one; the current context
  cert         the same user, with a client certificate in place of a token
  masters      of the group system:masters
  monitoring   of the group system:monitoring, and a cluster-admin
  nobody       may do nothing (403)
  wrong-token  is refused (401)
Jaeger:  ${cluster.backendURL}
kubectl: ${dirname(cluster.binaries.kubectl)}
Logs:    ${cluster.logs}
Ctrl-C ends the cluster and removes its files.
`);
  await untilInterrupted();
  process.stderr.write('ending the cluster\n');
  await cluster.stop();
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
