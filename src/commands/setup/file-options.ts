import type { FlagValues } from '../../cli/values.ts';
import { endpointProblems, hostPort } from '../../control-plane/endpoint.ts';
import { parseVersion, type Version } from '../../control-plane/version.ts';
import { UsageError } from '../../errors.ts';

/** Values for the files of a cluster. */
export interface FileOptions {
  /** Undefined: found in the cluster. */
  readonly endpoint: string | undefined;
  /** Per million; undefined: the usual one of the version. */
  readonly samplingRate: number | undefined;
  readonly kubeletSamplingRate: number;
  readonly kubernetesVersion: Version | undefined;
  readonly etcdVersion: Version | undefined;
}

/** Reads the flags of them. Throws a UsageError. */
export const fileOptions = (values: FlagValues): FileOptions => ({
  endpoint: endpointOf(values),
  samplingRate: rateOf('sampling-rate', values),
  kubeletSamplingRate: rateOf('kubelet-sampling-rate', values)!,
  kubernetesVersion: versionOf('kubernetes-version', values),
  etcdVersion: versionOf('etcd-version', values),
});

function endpointOf(values: FlagValues): string | undefined {
  const endpoint = values.string('endpoint') || undefined;
  if (endpoint === undefined) return undefined;
  const problem = endpointProblems(endpoint).find(({ isCertain }) => isCertain);
  if (problem !== undefined) throw invalid('endpoint', endpoint, problem.text);
  if (hostPort(endpoint) === undefined) throw invalid('endpoint', endpoint, 'must be HOST:PORT, such as 10.0.0.5:4317');
  return endpoint;
}

function rateOf(flag: string, values: FlagValues): number | undefined {
  const rate = values.integer(flag);
  if (rate === undefined) return undefined;
  if (rate < 0 || rate > 1_000_000) throw invalid(flag, String(rate), 'must be from 0 to 1000000, per million');
  return rate;
}

function versionOf(flag: string, values: FlagValues): Version | undefined {
  const text = values.string(flag);
  if (text === undefined) return undefined;
  const version = parseVersion(text);
  if (version === undefined) throw invalid(flag, text, 'must be a version such as 1.33.1');
  return version;
}

export const invalid = (flag: string, text: string, expected: string): UsageError =>
  new UsageError('InvalidValue', `invalid argument "${text}" for "--${flag}" flag: ${expected}`);
