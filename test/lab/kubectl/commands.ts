/** A command of kubectl that is run alone and behind `trace`, on the same objects. */
export interface Command {
  readonly name: string;
  /** Behind `kubectl`; the first word is the command. */
  readonly args: readonly string[];
  /** Commands of kubectl that restore what it changes, before each run. */
  readonly before?: readonly (readonly string[])[];
  /** It needs a node that runs pods. */
  readonly node?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /**
   * It runs in a terminal. `input` is typed as soon as the command has printed `prompt`: before that, the terminal's echo
   * and the output may come in either order.
   */
  readonly terminal?: { readonly prompt: string };
  /** A file that it writes. */
  readonly writes?: string;
  /** It runs until this was done, and is then interrupted. */
  readonly until?: 'forwarded' | 'proxied';
  /** It sends no request, and has no trace. */
  readonly silent?: boolean;
  /** Why its output differs. docs/kubectl.md has the same in its table. */
  readonly differs?: string;
}

const command = (line: string, more: Omit<Command, 'name' | 'args'> = {}): Command => ({
  name: line,
  args: line.split(' '),
  ...more,
});

const NODE = { node: true } as const;

/** Commands of daily use, except the verbs that kubectl trace has itself. `box` is a pod, `web` a Deployment. */
export const COMMANDS: readonly Command[] = [
  command('describe configmap conf'),
  command('describe deployment web --show-events=false'),
  command('describe pod box --show-events=false', NODE),
  command('describe pod missing'),
  command('logs box', NODE),
  command('logs box --tail=1 --timestamps', NODE),
  command('logs deployment/web --all-containers --prefix', NODE),
  command('logs -l app=web --limit-bytes=100', NODE),
  command('rollout status deployment/web', NODE),
  command('rollout history deployment/web', NODE),
  command('rollout pause deployment/web', { before: [['rollout', 'resume', 'deployment/web']] }),
  command('rollout restart deployment/other'),
  command('rollout undo deployment/web --dry-run=server', NODE),
  command('scale deployment/other --replicas=3', { before: [['scale', 'deployment/other', '--replicas=0']] }),
  command('scale deployment/other --replicas=3 --current-replicas=9'),
  command('autoscale deployment other --max=3', { before: [['delete', 'hpa', 'other', '--ignore-not-found']] }),
  command('set image deployment/other web=registry.test/lab:2', {
    before: [['set', 'image', 'deployment/other', 'web=registry.test/lab:1']],
  }),
  command('set env deployment/other COLOR=blue', { before: [['set', 'env', 'deployment/other', 'COLOR-']] }),
  command('label configmap conf tier=back', { before: [['label', 'configmap', 'conf', 'tier-']] }),
  command('annotate configmap conf note=one --overwrite', { before: [['annotate', 'configmap', 'conf', 'note-']] }),
  command('taint node NODE trial=yes:PreferNoSchedule', { before: [['taint', 'node', 'NODE', 'trial-']] }),
  command('cordon NODE', { before: [['uncordon', 'NODE']] }),
  command('uncordon NODE'),
  // kubectl evicts several pods at the same time, and names them in any order.
  command('drain NODE --dry-run=server --ignore-daemonsets --force --pod-selector=app=web', NODE),
  command('expose deployment other --port=80 --name=web', {
    before: [['delete', 'service', 'web', '--ignore-not-found']],
  }),
  command('run once --image=registry.test/lab:1 --restart=Never -- sleep 1h', {
    before: [['delete', 'pod', 'once', '--ignore-not-found', '--now']],
  }),
  command('apply view-last-applied -f applied.yaml'),
  command('diff -f changed.yaml', { differs: 'the names of two temporary folders' }),
  command('diff -f applied.yaml'),
  command('edit configmap conf', {
    env: { KUBE_EDITOR: 'sed -i s/one/two/' },
    before: [['patch', 'configmap', 'conf', '-p', '{"data":{"a":"one"}}']],
  }),
  command('edit configmap conf -o json', { env: { KUBE_EDITOR: 'true' } }),
  command('wait --for=jsonpath={.data.b}=3 configmap/conf --timeout=5s'),
  command('wait --for=condition=Ready pod/box --timeout=60s', NODE),
  command('exec box -- /lab exit 3 say=hello', NODE),
  command('exec -i box -- /lab exit 0 say=hello', { node: true, input: 'nothing\n' }),
  command('exec -it box -- /lab exit 4 prompt=name:', { node: true, terminal: { prompt: 'name:' }, input: 'box\n' }),
  command('cp box:/etc/hostname hostname', { node: true, writes: 'hostname' }),
  command('cp applied.yaml box:/copied/applied.yaml', NODE),
  command('cp box:/copied copied', { node: true, writes: 'copied/applied.yaml' }),
  command('port-forward pod/server PORT:8080', { node: true, until: 'forwarded' }),
  command('debug box --image=registry.test/lab:1 --copy-to=copy --container=trial -- sleep 1h', {
    node: true,
    before: [['delete', 'pod', 'copy', '--ignore-not-found', '--now']],
  }),
  command('attach box --stdin=false --pod-running-timeout=1s -c missing', NODE),
  command('top nodes'),
  command('auth can-i create deployments'),
  command('auth can-i list nodes --as jane'),
  command('auth whoami'),
  command('events --for pod/box -o yaml', NODE),
  command('explain deployment.spec.replicas'),
  command('api-resources --namespaced=false'),
  command('api-versions'),
  command('cluster-info', { differs: 'the address is that of the proxy' }),
  command('certificate approve missing'),
  command('proxy --port=PORT', { until: 'proxied' }),
  command('config view --minify', { silent: true }),
  command('config current-context', { silent: true }),
  command('kustomize kustomization', { silent: true }),
  command('plugin list', { silent: true }),
  command('label --local -f applied.yaml tier=back -o name', { silent: true }),
  command('rollout --help', { silent: true }),
];
