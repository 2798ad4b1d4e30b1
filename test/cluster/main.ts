import { startCluster } from './cluster.ts';

/** `npm run cluster`: a cluster in the foreground, until Ctrl-C. */
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

try {
  process.stderr.write('starting etcd, kube-apiserver and Jaeger (usually 10 seconds)\n');
  const cluster = await startCluster({ signal: interrupted.signal });
  process.stdout.write(`export KUBECONFIG=${cluster.kubeconfig}
export KUBECTL_TRACE_BACKEND=jaeger=${cluster.backendURL}
`);
  process.stderr.write(`
Paste these two lines into another terminal. The contexts of this kubeconfig:
  admin        an ordinary cluster-admin, as of kubeadm; the current context
  cert         the same user, with a client certificate in place of a token
  masters      of the group system:masters
  monitoring   of the group system:monitoring, and a cluster-admin
  nobody       may do nothing (403)
  wrong-token  is refused (401)
Jaeger's pages: ${cluster.backendURL}
Logs: ${cluster.logs}
Ctrl-C ends the cluster and removes its files.
`);
  // The cluster does not keep this process running; the timer does, until a signal comes.
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {}, 1 << 30);
    const end = (): void => {
      clearInterval(timer);
      resolve();
    };
    if (interrupted.signal.aborted) end();
    else interrupted.signal.addEventListener('abort', end);
  });
  process.stderr.write('ending the cluster\n');
  await cluster.stop();
} catch (error) {
  if (!interrupted.signal.aborted) throw error;
}
