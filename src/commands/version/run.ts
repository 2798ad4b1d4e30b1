import { ExitCode } from '../../errors.ts';
import { openDocument } from '../../render/data/document.ts';
import { API_VERSION } from '../../report/json.ts';
import type { JSONObject } from '../../report/json-value.ts';
import type { Runtime } from '../../runtime.ts';
import type { VersionInvocation } from './arguments.ts';

/** `kubectl trace version`. Sends nothing. The line without `-o` is also in src/main.ts, which prints it sooner. */
export async function runVersion({ format }: VersionInvocation, runtime: Runtime, version: string): Promise<ExitCode> {
  const write = format === undefined ? undefined : await openDocument(format);
  runtime.out.write(write === undefined ? `kubectl-trace v${version}\n` : write(versionJSON(version, runtime)));
  return ExitCode.ok;
}

/** As schema/version.schema.json describes it: fields of `kubectl version --client -o json`, and what runs this program. */
function versionJSON(version: string, { platform, nodejs }: Pick<Runtime, 'platform' | 'nodejs'>): JSONObject {
  const [major = '', minor = ''] = version.split('.');
  return {
    apiVersion: API_VERSION,
    kind: 'Version',
    clientVersion: {
      major,
      minor,
      gitVersion: `v${version}`,
      platform: `${GO_OS[platform.os] ?? platform.os}/${GO_ARCH[nodejs.arch] ?? nodejs.arch}`,
      nodeVersion: nodejs.version,
      executable: nodejs.isExecutable,
    },
  };
}

/** Go's names, where they differ from those of Node.js. */
const GO_OS: Partial<Record<NodeJS.Platform, string>> = { win32: 'windows' };
const GO_ARCH: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', ia32: '386' };
