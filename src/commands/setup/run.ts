import type { Runtime } from '../../runtime.ts';
import type { SetupInvocation } from './arguments.ts';

/** `kubectl trace setup`. Each subject is loaded when it is needed. */
export async function runSetup(
  { task, connection }: SetupInvocation,
  runtime: Runtime,
  version: string,
): Promise<number> {
  switch (task.kind) {
    case 'files':
      return (await import('./files.ts')).printFiles(task, connection, runtime, version);
    case 'kubeadm':
      return (await import('./kubeadm/run.ts')).runKubeadm(task, runtime, version);
    case 'backend':
      return (await import('./backend.ts')).printBackend(task, connection, runtime, version);
    case 'identity':
      return (await import('./identity.ts')).setUpIdentity(task, connection, runtime, version);
    case 'metrics-reader':
      return (await import('./metrics-reader.ts')).setUpMetricsReader(task, connection, runtime, version);
    default:
      return task satisfies never;
  }
}
