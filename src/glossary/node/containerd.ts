import type { Entry } from '../entry.ts';

type Texts = Pick<Entry, 'summary' | 'slow' | 'next'> & Partial<Pick<Entry, 'about' | 'also' | 'pattern'>>;

const row = (name: string, source: string, texts: Texts): Entry => ({
  ...texts,
  name,
  since: 'recorded and read in containerd 2.4',
  source,
});

const containerd = (name: string, file: string, texts: Texts): Entry => row(name, `containerd ${file}`, texts);
const cni = (name: string, texts: Texts): Entry => row(name, 'github.com/containerd/go-cni cni.go', texts);

const SHIM = 'github.com/containerd/otelttrpc; github.com/containerd/containerd/api runtime/task/v3/shim.proto';
const task = (method: string, summary: string, slow: string, next: string): Entry =>
  row(`containerd.task.v3.Task/${method}`, SHIM, { summary, slow, next, also: [`Task/${method}`] });

const NODE = 'the CPU, memory and disk of the node (kubectl describe node, PSI)';
const METADATA = 'the disk below /var/lib/containerd: its database is written with fsync';
const DATABASE = 'a slow disk: the metadata database waits for fsync';

/** containerd's work below a call of the kubelet. */
export const CONTAINERD: readonly Entry[] = [
  containerd('cri.sandbox.run', 'internal/cri/server/sandbox_run.go', {
    summary: 'making the sandbox of a pod',
    slow: 'the network, the pause image, the shim',
    next: 'cni.setup_pod_network and the Task rows beside it',
  }),
  containerd('cni.setup_pod_network', 'internal/cri/server/sandbox_run.go', {
    summary: "setting up the pod's network",
    slow: 'the CNI plug-in',
    next: 'cni.Setup below it',
  }),
  cni('cni.Setup', {
    summary: 'all CNI networks of the pod',
    slow: 'one of the networks below it',
    next: 'cni.asynchAttach below it',
    also: ['cni.SetupSerially'],
  }),
  cni('cni.asynchAttach', {
    summary: 'one CNI network: runs its plug-ins',
    about: 'The attribute cni.name has the network.',
    slow: "the plug-in's program: IPAM, or a daemon of the network that is not ready or overloaded",
    next: 'the pods of the network (Calico, Cilium …) on the node, and their logs',
    also: ['cni.attachNetworksSerially'],
  }),
  cni('cni.Remove', {
    summary: "removing the pod's network",
    slow: 'the CNI plug-in',
    next: 'the pods of the network on the node, and their logs',
  }),
  containerd('client.NewContainer', 'client/client.go', {
    summary: 'making the container and its snapshot',
    slow: 'preparing the snapshot; a slow disk',
    next: METADATA,
  }),
  containerd('client.LoadContainer', 'client/client.go', {
    summary: 'reading a container',
    slow: DATABASE,
    next: METADATA,
  }),
  containerd('container.NewTask', 'client/container.go', {
    summary: 'making the process, not started yet',
    slow: 'starting the shim, and runc create',
    next: 'containerd.task.v3.Task/Create below it',
  }),
  containerd('container.Delete', 'client/container.go', {
    summary: 'deleting a container with its snapshot',
    slow: 'a slow disk',
    next: METADATA,
  }),
  containerd('container.METHOD', 'client/container.go', {
    summary: 'changing the data of a container',
    slow: DATABASE,
    next: METADATA,
    pattern: /^container\.(?:SetLabels|Update)$/,
  }),
  containerd('client.task.Start', 'client/task.go', {
    summary: 'starting the process',
    slow: 'runc start: a node without free CPU',
    next: 'containerd.task.v3.Task/Start below it',
  }),
  containerd('client.task.Kill', 'client/task.go', {
    summary: 'sending a signal to the process',
    slow: 'a shim that hangs',
    next: 'containerd.task.v3.Task/Kill below it',
  }),
  containerd('client.task.METHOD', 'client/task.go', {
    summary: 'another call: Delete, Exec, Resize',
    slow: 'the shim, or for Exec the command',
    next: 'the Task row below it',
    pattern: /^client\.task\.(?:Delete|Exec|Resize)$/,
  }),
  containerd('task.METHOD', 'client/task.go, client/process.go', {
    summary: 'another call of a process, such as Wait',
    slow: 'Wait lasts as long as the process; the others: the shim',
    next: 'the Task row below it',
    pattern: /^(?:task\.(?:Pause|Resume|Wait|CloseIO|Update)|process\.(?:Start|Kill|Wait|CloseIO|Resize|Delete))$/,
  }),
  task('Create', 'the shim makes the process (runc create)', 'mounting the root file system, cgroups, seccomp', NODE),
  task('Start', 'the shim starts the process (runc start)', 'a node without free CPU or memory', NODE),
  task('Kill', 'the shim sends a signal', 'a shim that hangs; a process in uninterruptible sleep', NODE),
  task('Delete', 'the shim removes an ended process', 'unmounting the root file system', NODE),
  task('State', 'the state of a process', 'a shim that hangs', NODE),
  task('Connect', 'a first call of a shim', 'starting the shim; a node without free CPU', NODE),
  task('Shutdown', 'ends the shim', 'a shim that hangs', NODE),
  row('containerd.task.v3.Task/METHOD', SHIM, {
    summary: 'another call of the shim',
    slow: 'Wait lasts as long as the process; the others: a shim that hangs',
    next: NODE,
    pattern:
      /^(?:containerd\.task\.v3\.)?Task\/(?:Pids|Pause|Resume|Checkpoint|Exec|ResizePty|CloseIO|Update|Wait|Stats)$/,
  }),
  containerd('metadata.containers.METHOD', 'core/metadata/containers.go', {
    summary: "writing to containerd's database",
    slow: DATABASE,
    next: METADATA,
    pattern: /^metadata\.containers\.(?:Create|Update|Delete)$/,
  }),
  containerd('metadata.sandbox.METHOD', 'core/metadata/sandbox.go', {
    summary: "writing to containerd's database",
    slow: DATABASE,
    next: METADATA,
    pattern: /^metadata\.sandbox\.(?:Create|Update|Delete)$/,
  }),
  containerd('remotes.docker.resolver.HTTPRequest', 'core/remotes/docker/resolver.go', {
    summary: 'a request to the registry',
    slow: 'the registry, the network to it, or its rate limit (429)',
    next: 'a mirror or pull-through cache; the attributes with address and status',
  }),
  containerd('remotes.docker.resolver.FetchToken', 'core/remotes/docker/auth/fetch.go', {
    summary: 'a token for the registry',
    slow: 'the token service of the registry',
    next: 'imagePullSecrets, and the credential provider of the kubelet',
    also: ['remotes.docker.resolver.FetchTokenWithOAuth'],
  }),
  containerd('pull.STEP', 'client/pull.go', {
    summary: 'a step of pulling an image',
    slow: 'the registry (fetch, dispatch) or the disk (UnpackWait)',
    next: 'remotes.docker.resolver.HTTPRequest and unpackLayer beside it',
    pattern: /^pull\.(?:Pull|UnpackWait|fetch|dispatch|convert_manifest|pull\.createNewImage)$/,
  }),
  containerd('pkg.unpack.unpacker.UnpackHandler', 'core/unpack/unpacker.go', {
    summary: 'fetching and unpacking the layers',
    slow: 'the layers below it',
    next: 'fetchLayer and unpackLayer below it',
    also: ['UnpackHandler'],
  }),
  containerd('pkg.unpack.unpacker.unpack', 'core/unpack/unpacker.go', {
    summary: 'unpacking an image, layer by layer',
    slow: 'waiting for layers that are still fetched; a slow disk',
    next: 'fetchLayer (network) against unpackLayer (disk)',
    also: ['unpack'],
  }),
  containerd('pkg.unpack.unpacker.fetchLayer', 'core/unpack/unpacker.go', {
    summary: 'fetching one layer from the registry',
    slow: 'the registry and the network to it; a large layer',
    next: 'remotes.docker.resolver.HTTPRequest below it',
    also: ['fetchLayer'],
  }),
  containerd('pkg.unpack.unpacker.unpackLayer', 'core/unpack/unpacker.go', {
    summary: 'unpacking one layer to disk',
    slow: 'a large layer with many files; a slow disk; decompression on a busy CPU',
    next: 'the disk below /var/lib/containerd; the size of the image',
    also: ['unpackLayer'],
  }),
];
