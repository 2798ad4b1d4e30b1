import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { startCluster } from './cluster.ts';
import { startNode } from './node/node.ts';

const HELP = `Usage: npm run cluster [-- --node]

Runs etcd, kube-apiserver and Jaeger in the foreground, until Ctrl-C, and prints the lines to
paste into another terminal. Nothing outside of a temporary folder is changed.

Options:
  --node      with kube-scheduler, kube-controller-manager, and a node that runs pods (as root)
  -h, --help  show this help
`;

const options = { node: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;

try {
  const { help = false, node = false } = parseArgs({ options }).values;
  if (help) process.stdout.write(HELP);
  else await runCluster(node);
} catch (error) {
  // Before anything was started.
  process.stderr.write(`error: ${(error as Error).message}\n\n${HELP}`);
  process.exitCode = 2;
}

async function runCluster(withNode: boolean): Promise<void> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());
  try {
    await runUntil(interrupted.signal, withNode);
  } catch (error) {
    if (!interrupted.signal.aborted) {
      process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    }
  }
}

async function runUntil(signal: AbortSignal, withNode: boolean): Promise<void> {
  process.stderr.write(
    withNode
      ? 'starting a cluster and its node, usually within 40 seconds\n'
      : 'starting etcd, kube-apiserver and Jaeger, usually within 10 seconds\n',
  );
  const node = withNode ? await startNode({ signal }) : undefined;
  const cluster = node?.cluster ?? (await startCluster({ signal }));
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
  await untilAborted(signal);
  process.stderr.write('ending the cluster\n');
  await (node ?? cluster).stop();
}

/** A cluster does not keep this process running; the timer does. */
function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {}, 1 << 30);
    const end = (): void => {
      clearInterval(timer);
      resolve();
    };
    if (signal.aborted) end();
    signal.addEventListener('abort', end);
  });
}
