import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { executables } from '../test/lab/cluster/build.ts';
import { startCluster, type TestCluster } from '../test/lab/cluster/cluster.ts';
import { startTraceServer, type TraceServer } from './demo/trace-server.ts';

/**
 * `npm run demo`: a real cluster that exports to a real `kubectl trace serve`, and in it what a user types, by way of the
 * real kubectl, as an ordinary cluster-admin.
 * Ends with the command's exit status; with 1 when the trace it printed lacks the API server or etcd.
 */

const binFolder = fileURLToPath(new URL('../bin', import.meta.url));
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

interface Outcome {
  readonly status: number;
  readonly output: string;
}

/** kubectl runs the program `kubectl-trace` that it finds on the PATH. */
function runTrace(
  cluster: TestCluster,
  { state }: TraceServer,
  args: readonly string[],
  onOutput: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<Outcome> {
  const terminal = process.stdout.isTTY
    ? { FORCE_COLOR: '1', KUBECTL_TRACE_COLOR: 'always', KUBECTL_TRACE_WIDTH: String(process.stdout.columns) }
    : {};
  const child = spawn(cluster.binaries.kubectl, ['trace', ...args], {
    env: {
      ...process.env,
      // The output is read here on its way to the terminal, so that the command cannot see the terminal itself.
      ...terminal,
      PATH: [binFolder, process.env['PATH']].join(delimiter),
      KUBECONFIG: cluster.kubeconfig,
      // The command finds the serve by what that noted here, as it would in the user's own state folder.
      XDG_STATE_HOME: state,
      KUBECTL_TRACE_BACKEND: '',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    signal: interrupted.signal,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    onOutput(text);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ status: code ?? 1, output }));
  });
}

/** Rows of measured spans only: those that are merely inferred begin with a dashed branch. Needs a tree without folded rows. */
function missingComponents(output: string): string[] {
  const text = stripVTControlCharacters(output);
  return ['apiserver', 'etcd'].filter((component) => !new RegExp(`[├└]─ (▲ )?${component} `).test(text));
}

/** All rows of the trace just shown: on the screen, fast ones are folded into one. */
async function allRows(cluster: TestCluster, serve: TraceServer): Promise<string> {
  const { output } = await runTrace(cluster, serve, ['show', 'last', '--full'], () => {});
  return output;
}

async function demonstrate(): Promise<number> {
  if (!existsSync(`${binFolder}/kubectl-trace`)) {
    throw new Error('bin/kubectl-trace does not exist yet: npm run build makes it');
  }
  // Before anything is started: what is missing is found, downloaded or built, or an error names it.
  const options = { signal: interrupted.signal, archiveFirst: true };
  await executables({ ...options, without: ['jaeger'] });
  process.stderr.write('starting kubectl trace serve, etcd and kube-apiserver, usually within 10 seconds\n');
  const serve = await startTraceServer(`${binFolder}/kubectl-trace`, interrupted.signal);
  try {
    return await demonstrateIn(await startCluster({ ...options, exportTo: serve.otlp }), serve);
  } finally {
    await serve.stop();
  }
}

async function demonstrateIn(cluster: TestCluster, serve: TraceServer): Promise<number> {
  try {
    process.stderr.write('\n$ kubectl trace get nodes      # as kubernetes-admin, an ordinary cluster-admin\n\n');
    const { status } = await runTrace(cluster, serve, ['get', 'nodes']);
    if (status !== 0) return status;
    const missing = missingComponents(await allRows(cluster, serve));
    if (missing.length > 0) throw new Error(`the trace above has no spans of ${missing.join(' and ')}`);
    process.stderr.write(`
This cluster ends now. To have one for longer: npm run cluster, paste its two lines into another terminal, and there
  export PATH="${binFolder}:${dirname(cluster.binaries.kubectl)}:$PATH"
  kubectl trace get nodes                        the request above
  kubectl trace get nodes --context masters      the API server accepts trace context of system:masters
  kubectl trace get configmaps -A                another resource, in all namespaces
  kubectl trace get nodes --context nobody       a request that is refused is traced too
  kubectl trace get nodes -o json                every span, for scripts
`);
    return status;
  } finally {
    process.stderr.write('\nending the cluster\n');
    await cluster.stop();
  }
}

try {
  process.exitCode = await demonstrate();
} catch (error) {
  if (!interrupted.signal.aborted)
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = interrupted.signal.aborted ? 130 : 1;
}
