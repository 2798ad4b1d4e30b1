import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Executables } from './build.ts';
import { minorOf } from './versions.ts';

/** Versions of servers that the environment gave, without the leading "v". Absent where it gave none. */
export interface GivenVersions {
  readonly kubernetes?: string;
  readonly etcd?: string;
}

/** The first whose API server reads a tracing configuration without a feature gate. */
const OLDEST_MINOR = 27;

/**
 * Runs executables of the environment for their versions: older ones have other flags and formats. Rejects when the API server
 * is too old to trace.
 */
export async function givenVersions(binaries: Executables, env: NodeJS.ProcessEnv): Promise<GivenVersions> {
  const isGiven = (variable: string): boolean => Boolean(env[variable] || env['KUBEBUILDER_ASSETS']);
  const kubernetes = isGiven('KUBECTL_TRACE_TEST_KUBE_APISERVER')
    ? await versionOf(binaries['kube-apiserver'], /^Kubernetes v(\d+\.\d+\.\d+)/m)
    : undefined;
  const etcd = isGiven('KUBECTL_TRACE_TEST_ETCD')
    ? await versionOf(binaries.etcd, /^etcd Version: (\d+\.\d+\.\d+)/m)
    : undefined;
  if (kubernetes !== undefined && minorOf(kubernetes) < OLDEST_MINOR) {
    throw new Error(
      `${binaries['kube-apiserver']} is Kubernetes ${kubernetes}, which is too old to trace: 1.${OLDEST_MINOR} or later is needed`,
    );
  }
  return { ...(kubernetes !== undefined && { kubernetes }), ...(etcd !== undefined && { etcd }) };
}

/** Undefined where it prints something else: then it is taken for one of today. */
async function versionOf(program: string, pattern: RegExp): Promise<string | undefined> {
  const printed = await promisify(execFile)(program, ['--version']).catch(() => undefined);
  return pattern.exec(printed?.stdout ?? '')?.[1];
}
