import { mkdirSync } from 'node:fs';
import { cleanHome, kubectlTrace } from '../../support/kubectl-trace.ts';
import { parseDocument } from '../../support/schema.ts';
import { startCluster } from '../cluster/cluster.ts';
import { redrawPictures } from './pictures.ts';
import { redraw, screens, textScreens, writeRecording, type Screen } from './screens.ts';
import type { Stage } from './with-webhook.ts';

/**
 * `npm run record:screens`: records the first screens of pages and the pictures of README.md again, with the built program
 * on real clusters, and draws them. `-- PAGE…` records those of some pages only. `-- --draw` only draws them again, after a
 * change of what a screen or a picture looks like. The picture of a pod is drawn from a story of `npm run record:pods`.
 */
const RUNS = 15;
/** The first runs of a build store what they have compiled. */
const FIRST_RUNS = 5;
/** Jaeger's usual address; that of a test cluster has any port. */
const JAEGER = 'http://127.0.0.1:16686';

const pages = process.argv.slice(2);
if (!pages.includes('--draw')) {
  mkdirSync(new URL('../../fixtures/screens/', import.meta.url), { recursive: true });
  const wanted = screens.filter(({ page }) => pages.length === 0 || pages.includes(page));
  for (const screen of wanted) writeRecording(screen, await record(screen));
}
for (const screen of textScreens) redraw(screen);
await redrawPictures();

/** The document of the run that took the median time. */
async function record({ page, cluster: options, hasBackend, args, prepare }: Screen): Promise<string> {
  process.stderr.write(`recording the screen of ${page}\n`);
  const cluster = await startCluster(options);
  const home = cleanHome();
  let stage: Stage | undefined;
  try {
    stage = await prepare?.(cluster, home.path);
    // In the environment, as a reader has it: the command on the screen has no flags.
    const env = {
      KUBECONFIG: cluster.kubeconfig,
      KUBECTL_TRACE_OUTPUT: 'json',
      ...(hasBackend && { KUBECTL_TRACE_BACKEND: `jaeger=${cluster.backendURL}` }),
    };
    const documents: string[] = [];
    for (let run = 0; run < FIRST_RUNS + RUNS; run++) {
      const { code, stdout, stderr } = await kubectlTrace(home.path, args, { env, cwd: home.path });
      await stage?.reset();
      if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
      if (run >= FIRST_RUNS) documents.push(stdout);
    }
    const durationOf = (text: string): number => parseDocument(text).command.durationNanos;
    const [median] = documents.toSorted((one, other) => durationOf(one) - durationOf(other)).slice(RUNS >> 1);
    return median?.replaceAll(cluster.backendURL, JAEGER) ?? '';
  } finally {
    await stage?.stop();
    home.remove();
    await cluster.stop();
  }
}
