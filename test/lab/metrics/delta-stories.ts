import { rowsOfDocument } from './rows.ts';
import { stories, type Story } from './stories.ts';
import { judged, runCompared, type Truth } from './truths.ts';

/**
 * The row that each story has of etcd, or null where the watch cache responds and nothing is stored. Those without an entry
 * are of no resource of the API server, or are streams: their time as a whole is not counted.
 */
const ETCD: Readonly<Record<string, string | null>> = {
  // By which operation the server learns how new etcd is depends on its version.
  list: 'etcd ',
  get: 'etcd get (length only)',
  'list-from-cache': null,
  'not-found': 'etcd get (length only)',
  create: 'etcd create (length only)',
  conflict: 'etcd create (length only)',
  patch: 'etcd update (length only)',
  apply: 'etcd update (length only)',
  delete: 'etcd delete (length only)',
  conversion: 'etcd get (length only)',
};

const deltaTruth = (story: Story, etcd: string | null): Truth => ({
  name: `delta-${story.name}`,
  says: `by the length of the request and of etcd: ${story.says}`,
  run: async (scene) => {
    await story.prepare?.(scene.call);
    const { document, compared } = await runCompared(scene, [...story.args(scene.manifests), '--metrics=delta']);
    const sent = document.requests.at(-1)!;
    const [root, ...rows] = rowsOfDocument(document, sent);
    const names = rows.map(({ name }) => name).filter((name) => name.startsWith('etcd '));
    return judged(names.join(', ') || 'no row of etcd', compared, {
      [`its status is ${sent.status}`]: sent.status === story.status,
      [`its exit status is ${document.exitCode}`]: document.exitCode === (story.exitCode ?? 0),
      [`it is ${sent.lookup?.verdict}`]: sent.lookup?.verdict === 'measured',
      'its length is not known': root?.precision === 'length-only',
      'its row of etcd is another one':
        etcd === null ? names.length === 0 : names.some((name) => name.startsWith(etcd)),
    });
  },
});

/** Stories on a server that attaches no exemplars: `--metrics=delta` shows how long the request and etcd took. */
export const deltaTruths: readonly Truth[] = stories.flatMap((story) => {
  const etcd = ETCD[story.name];
  return etcd === undefined ? [] : [deltaTruth(story, etcd)];
});
