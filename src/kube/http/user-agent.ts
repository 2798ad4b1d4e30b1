import { tableOf } from '../../format/table-of.ts';
import { arch } from 'node:os';
import { isWindows, type Platform } from '../../platform.ts';
import type { TraceID } from '../../trace/ids.ts';

const GO_ARCHITECTURES: Readonly<Record<string, string>> = tableOf({ x64: 'amd64', ia32: '386' });

/**
 * `kubectl-trace/0.1.0 (linux/amd64) trace/<trace ID>`: like kubectl's, with Go's names for system and processor, and
 * different for each command. Where a server keeps neither the trace ID nor the audit ID on a span (`/version` before
 * 1.34), this is what is left to find the request by.
 */
export function userAgent(version: string, traceID: TraceID, platform: Platform): string {
  const system = isWindows(platform) ? 'windows' : platform.os;
  return `kubectl-trace/${version} (${system}/${GO_ARCHITECTURES[arch()] ?? arch()}) trace/${traceID}`;
}
