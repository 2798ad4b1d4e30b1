import { planNode, TRACING_FILE } from '../../../control-plane/kubeadm/plan.ts';
import { ExitCode, UsageError } from '../../../errors.ts';
import { programName } from '../../../format/program-name.ts';
import { escapeText } from '../../../render/escape.ts';
import { measureWhenNeeded } from '../../../render/terminal/measured-width.ts';
import type { Runtime } from '../../../runtime.ts';
import { statusLine } from '../../../tracing/status-line.ts';
import { applyToNode, manifestChanges, type ApplyTask } from './apply.ts';
import { sendCanary } from './canary.ts';
import { nodeConnection } from './connection.ts';
import { openControlPlane } from './control-plane.ts';
import { printApplyDiff, printUndoDiff } from './dry-run.ts';
import { readJournal, type Journal } from './journal.ts';
import { forgetApply } from './leftovers.ts';
import { withLock } from './lock.ts';
import { explaining, readNodeManifest, type Manifest, type Node } from './node.ts';
import { nodeFiles, type NodeFiles } from './node-files.ts';
import { manifestPath } from './paths.ts';
import { processes, type Processes } from './processes.ts';
import { checkControlPlane, notHere, refuseLostJournal, refuseOtherSettings, rethrown } from './refusals.ts';
import type { KubeadmTask } from './task.ts';
import { report, reportUndo } from './report.ts';
import { manifestUndos, undoOnNode } from './undo.ts';

/** Access to the node's files and to its API server. */
export interface KubeadmWorld {
  readonly nodeFiles: typeof nodeFiles;
  readonly openControlPlane: typeof openControlPlane;
  readonly sendCanary: typeof sendCanary;
  readonly processes: Processes;
}

const WORLD: KubeadmWorld = { nodeFiles, openControlPlane, sendCanary, processes };

/** `kubectl trace setup kubeadm --apply|--undo [--dry-run]`. */
export async function runKubeadm(
  task: KubeadmTask,
  runtime: Runtime,
  version: string,
  world: KubeadmWorld = WORLD,
): Promise<number> {
  return change(task, runtime, version, world).catch(rethrown);
}

async function change(task: KubeadmTask, runtime: Runtime, version: string, world: KubeadmWorld): Promise<number> {
  const files = world.nodeFiles(task.rootfs);
  if ((await files.read(manifestPath('kube-apiserver'))) === undefined) throw notHere(task);
  const work = (): Promise<number> => changeNode(files, task, runtime, version, world);
  if (task.dryRun) return work();
  const at = new Date(Number(runtime.clock.now() / 1_000_000n)).toISOString();
  return withLock(files, { processes: world.processes, pid: runtime.pid, at }, work);
}

async function changeNode(
  files: NodeFiles,
  task: KubeadmTask,
  runtime: Runtime,
  version: string,
  world: KubeadmWorld,
): Promise<number> {
  const apiserver = await readNodeManifest(files, 'kube-apiserver');
  if (apiserver === undefined) throw notHere(task);
  const etcd = await readNodeManifest(files, 'etcd');
  const journal = await readJournal(files);
  await refuseLostJournal(journal, etcd === undefined ? [apiserver] : [etcd, apiserver], files);
  const found = { task, files, apiserver, etcd, journal, runtime, version, world };
  return task.action === 'apply' ? apply(found) : undo(found);
}

interface Found {
  readonly task: KubeadmTask;
  readonly files: NodeFiles;
  readonly apiserver: Manifest;
  readonly etcd: Manifest | undefined;
  readonly journal: Journal | undefined;
  readonly runtime: Runtime;
  readonly version: string;
  readonly world: KubeadmWorld;
}

async function apply(found: Found): Promise<number> {
  const { task, files, apiserver, etcd, journal, runtime, version, world } = found;
  const endpoint = task.endpoint ?? journal?.endpoint;
  if (endpoint === undefined) {
    throw new UsageError('EndpointRequired', 'setup kubeadm --apply needs --endpoint HOST:PORT', {
      hint: `a receiver of OTLP over gRPC that the host network of every control-plane node reaches; ${programName()} setup backend has one`,
    });
  }
  const plan = explaining(apiserver.path, () => planNode(apiserver.pod, etcd?.pod, { ...task, endpoint }));
  refuseOtherSettings(journal, { endpoint, plan });
  const manifests = etcd === undefined ? [apiserver] : [etcd, apiserver];
  const existing = await files.read(TRACING_FILE);
  if (journal === undefined && existing !== undefined && existing.text !== plan.configuration) {
    throw new UsageError('UnexpectedFile', `${TRACING_FILE} exists, and has other settings`, {
      hint: 'nothing was changed; remove it if no API server reads it, and run this again',
    });
  }
  const changes = await manifestChanges({ files }, manifests, plan, journal);
  const hadConfiguration = journal?.hadConfiguration ?? existing !== undefined;
  const work: ApplyTask = { endpoint, plan, changes, journal, hadConfiguration };
  const connection = await nodeConnection(task, plan.apiserverAddress, files, runtime);
  const { node, end } = await openNode(found, connection);
  try {
    if (task.dryRun) return await printApplyDiff(work, existing?.text ?? '', node, runtime);
    await checkControlPlane(work, node);
    const applied = await applyToNode(work, node);
    report(work, applied, task, runtime);
  } finally {
    end();
  }
  return world.sendCanary({ task, connection, plan }, runtime, version);
}

async function undo(found: Found): Promise<number> {
  const { task, files, apiserver, journal, runtime } = found;
  if (journal === undefined) {
    // A run that was killed before its journal leaves files, and has changed nothing.
    if (!task.dryRun) await forgetApply(files, { hadConfiguration: true });
    runtime.out.write(`nothing to undo: ${programName()} has not changed this node\n`);
    return ExitCode.ok;
  }
  const undos = await manifestUndos(files, journal);
  const address = apiserver.address ?? '';
  const { node, end } = await openNode(found, await nodeConnection(task, address, files, runtime));
  try {
    if (task.dryRun) return await printUndoDiff(journal, undos, { apiserver, node }, runtime);
    const withdrawn = await undoOnNode(journal, undos, apiserver, node);
    reportUndo(journal, undos, withdrawn, runtime);
    return ExitCode.ok;
  } finally {
    end();
  }
}

/** Opens the API server of the node, and the line that shows what is waited for. `end` closes both. */
async function openNode(
  { task, files, runtime, version, world }: Found,
  connection: KubeadmTask['connection'],
): Promise<{ node: Node; end: () => void }> {
  const { clock, interrupted, err, errTerminal } = runtime;
  const controlPlane = await world.openControlPlane(connection, runtime, version);
  const line = errTerminal.isTTY ? statusLine(err, errTerminal, measureWhenNeeded()) : undefined;
  const node: Node = {
    files,
    controlPlane,
    clock,
    interrupted,
    restartTimeout: task.restartTimeout,
    note(text) {
      line?.clear();
      err.write(`${escapeText(text)}\n`);
    },
    progress: (text) => line?.show(escapeText(text)),
  };
  return {
    node,
    end() {
      line?.clear();
      controlPlane.close();
    },
  };
}
