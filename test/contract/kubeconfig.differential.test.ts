import { after, before, suite, test } from 'node:test';
import { executables } from '../lab/cluster/build.ts';
import { CLUSTER_CASES } from './differential/kubeconfig/cluster-cases.ts';
import { KubeconfigComparison } from './differential/kubeconfig/comparison.ts';
import { ENTRY_CASES } from './differential/kubeconfig/entry-cases.ts';
import { EXEC_CASES } from './differential/kubeconfig/exec-cases.ts';
import { FLAG_CASES } from './differential/kubeconfig/flag-cases.ts';
import { LIST_CASES } from './differential/kubeconfig/list-cases.ts';
import { USER_CASES } from './differential/kubeconfig/user-cases.ts';
import { WINDOWS_CASES } from './differential/kubeconfig/windows-cases.ts';
import { YAML_CASES } from './differential/kubeconfig/yaml-cases.ts';

/** The real kubectl says which kubeconfig leads where, as whom, and which is refused. */
let comparison: KubeconfigComparison;

suite('a kubeconfig is read as kubectl reads it', () => {
  before(async () => {
    const { kubectl } = await executables({ without: ['etcd', 'kube-apiserver', 'jaeger'] });
    comparison = await KubeconfigComparison.start(kubectl);
  });
  after(() => comparison?.stop());

  for (const [what, cases] of [
    ['YAML', YAML_CASES],
    ['entries', ENTRY_CASES],
    ['clusters', CLUSTER_CASES],
    ['users', USER_CASES],
    ['plugins', EXEC_CASES],
    ['files', LIST_CASES],
    ['flags', FLAG_CASES],
    ['files of Windows', WINDOWS_CASES],
  ] as const) {
    suite(what, () => {
      for (const one of cases) test(one.title, () => comparison.check(one));
    });
  }
});
