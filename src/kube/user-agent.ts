import { arch, platform } from 'node:os';

const GO_ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

/** `kubectl-trace/0.1.0 (linux/amd64)`: like kubectl's, with Go's names for system and processor. */
export function userAgent(version: string): string {
  const system = platform() === 'win32' ? 'windows' : platform();
  return `kubectl-trace/${version} (${system}/${GO_ARCHITECTURES[arch()] ?? arch()})`;
}
