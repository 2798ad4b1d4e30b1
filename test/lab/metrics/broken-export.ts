import { minorOf } from '../cluster/versions.ts';
import { Scene } from './scene.ts';
import { etcdStopped, judged, runCompared, type Truth } from './truths.ts';

/** On a cluster that traces, and whose spans go nowhere. */
const exportTruth: Truth = {
  name: 'export-nowhere',
  says: 'a user whose trace context is accepted gets the tree from the metrics',
  run: async (scene) => {
    const args = ['get', '--raw', '/api/v1/namespaces/default', '--context', 'masters'];
    const { document, compared } = await runCompared(scene, args);
    const { lookup } = document.requests.at(-1)!;
    const rows = document.trace?.spans.filter(({ source }) => source === 'metric') ?? [];
    return judged(`${lookup?.verdict}, ${rows.length} rows`, compared, {
      'it is not measured': lookup?.verdict === 'measured' && lookup.foundBy === 'metrics',
      'it is said not to trace': lookup?.prediction !== 'untraced',
      'rows of filters are missing': ['audit', 'priorityandfairness', 'authorization'].every((filter) =>
        rows.some(({ name }) => name === filter),
      ),
    });
  },
};

/** To other users such a server attaches nothing, as it does to all of them before 1.33. */
const refusedTruth: Truth = {
  name: 'export-nowhere-refused',
  says: 'a user whose trace context is not accepted gets the reason, and with --metrics=delta the length of etcd',
  run: async (scene) => {
    const { code, stderr } = await scene.run('get', '--raw', '/api/v1/namespaces/default');
    const stopped = await etcdStopped.run(scene);
    const isReported = code === 5 && /have no exemplar of it/.test(stderr);
    return isReported ? stopped : { ...stopped, faults: [...stopped.faults, `exit status ${code}: ${stderr.trim()}`] };
  },
};

/** An API server accepts trace contexts since 1.33, of users whom it trusts. */
export const tracingTruths = (kubernetes: string): readonly Truth[] =>
  minorOf(kubernetes) < 33 ? [refusedTruth] : [exportTruth, refusedTruth];

/** A cluster of one version that is configured to trace every request. */
export async function withTracing<Result>(
  kubernetes: string,
  signal: AbortSignal,
  act: (scene: Scene) => Promise<Result>,
): Promise<Result> {
  const scene = await Scene.start(kubernetes, signal, { apiserverTracing: true });
  try {
    return await act(scene);
  } finally {
    await scene.stop();
  }
}
