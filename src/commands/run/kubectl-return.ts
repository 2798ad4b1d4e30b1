import { UsageError } from '../../errors.ts';
import { lookPath } from '../../kube/connect/look-path.ts';
import { isPassedOn, passingOn, type PassedOn } from '../../passed-on.ts';
import type { Environment, Runtime } from '../../runtime.ts';
import { verbOf } from './kubectl-call.ts';

/** Throws a UsageError where that kubectl has started this process for the same command. */
export function refuseReturn(call: PassedOn, { env }: Pick<Runtime, 'env'>): void {
  if (!isPassedOn(env, call)) return;
  const { path, verb } = call;
  throw new UsageError(
    'KubectlIsTrace',
    `${path} is no kubectl: it runs "${verb}" with kubectl trace, which needs kubectl`,
    { hint: 'put kubectl itself before it on the PATH, or have it run kubectl where KUBECTL_TRACE_PASSED_ON is set' },
  );
}

/** The environment of the kubectl that `run --` starts. Throws a UsageError where that kubectl has started this process. */
export function environmentFor(
  [program = '', ...words]: readonly string[],
  runtime: Pick<Runtime, 'env' | 'platform'>,
): Environment {
  const found = lookPath(program, runtime);
  if (!('path' in found)) return runtime.env;
  const call = { path: found.path, verb: verbOf(words) ?? '' };
  refuseReturn(call, runtime);
  return passingOn(runtime.env, call);
}
