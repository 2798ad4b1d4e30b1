import type { ConnectionFlags } from '../../connection.ts';
import { ExitCode } from '../../errors.ts';
import { programName, programPart } from '../../format/program-name.ts';
import { noPart, shell, shellPart } from '../../format/shell-command.ts';
import { writeYAML } from '../../kube/print/yaml.ts';
import { escapeText } from '../../render/escape.ts';
import type { Runtime } from '../../runtime.ts';
import type { SetupTask } from './arguments.ts';
import { applyObjects, clusterRole, removeRole, type Subject } from './cluster-objects.ts';
import { confirm } from './confirm.ts';
import { currentIdentity } from './current-identity.ts';
import { withCluster } from './setup-cluster.ts';

const NAME = 'kubectl-trace-metrics-reader';

/** `setup metrics-reader`: the permission to read /metrics, which shows the time of a request without tracing. */
export async function setUpMetricsReader(
  { apply, undo, yes, subject: given }: Extract<SetupTask, { readonly kind: 'metrics-reader' }>,
  connection: ConnectionFlags,
  runtime: Runtime,
  version: string,
): Promise<ExitCode> {
  return withCluster(connection, runtime, version, async (cluster) => {
    const say = (line: string): void => runtime.out.write(`${escapeText(line)}\n`);
    if (undo) {
      await confirm(`Remove ClusterRole and ClusterRoleBinding ${NAME} from ${cluster.cluster.server}?`, yes, runtime);
      const removed = await removeRole(NAME, cluster);
      say(removed.length === 0 ? `nothing to remove: no ${NAME}` : `removed ${removed.join(' and ')} ${NAME}`);
      return ExitCode.ok;
    }
    const subject = given ?? { kind: 'User', name: (await currentIdentity(cluster)).username };
    const objects = clusterRole(NAME, [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }], subject);
    if (!apply) {
      runtime.out.write(manifest(objects, subject, given));
      return ExitCode.ok;
    }
    await confirm(`Let ${named(subject)} read /metrics of ${cluster.cluster.server}?`, yes, runtime);
    await applyObjects(objects, cluster);
    say(`${named(subject)} may read /metrics`);
    say(`undo: ${programName()} setup metrics-reader --undo`);
    return ExitCode.ok;
  });
}

const named = ({ kind, name }: Subject): string => `${kind.toLowerCase()} ${JSON.stringify(name)}`;

const applyCommand = (given: Subject | undefined): string => {
  const subject = given === undefined ? noPart : shellPart` --subject ${`${given.kind.toLowerCase()}:${given.name}`}`;
  return shell`${programPart()} setup metrics-reader${subject} --apply`;
};

/** For `kubectl apply -f -`. */
const manifest = (objects: readonly object[], subject: Subject, given: Subject | undefined): string =>
  [
    `# ${escapeText(named(subject))} may read /metrics of the API server, and nothing else.`,
    `# Nothing was changed. Apply it: ${escapeText(applyCommand(given))}`,
    `# or, as an administrator, for another user: ${programName()} setup metrics-reader --subject user:NAME --apply`,
    objects.map((object) => writeYAML(object)).join('---\n'),
  ].join('\n');
