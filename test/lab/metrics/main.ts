import { comparedVersions, measuredVersions } from '../cluster/versions.ts';
import { writeRecorded } from './fixture.ts';
import { prove, rehearseStories, type Proven, type Rehearsed } from './rehearse.ts';
import { Scene } from './scene.ts';
import { table, truthTable } from './table.ts';
import { authorizationTruth, withAuthorizer } from './authorizer.ts';
import { tracingTruths, withTracing } from './broken-export.ts';
import { deltaTruths } from './delta-stories.ts';
import { sequences } from './sequences.ts';
import { servers } from './servers.ts';
import { etcdStopped, truths } from './truths.ts';

/**
 * `npm run record:metrics -- VERSION…`: runs every story on real API servers that do not trace, and compares the trees
 * with their audit events. Exit status 1 when a difference is above its limit. Without a version all of them are rehearsed. On those
 * that attach no exemplars, `--metrics=delta` has to show the request and etcd by their length.
 * With `--stories` nothing else is done. Where every story is as expected, the version's recordings in test/fixtures/kubernetes/metrics/ are replaced.
 */
const versions = process.argv.slice(2).filter((argument) => argument !== '--stories');
const hasTruths = versions.length === process.argv.length - 2;
const known = [...measuredVersions, ...comparedVersions];
const unknown = versions.filter((version) => !known.includes(version));
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const rehearsed: Rehearsed[] = [];
const proven: Proven[] = [];

async function rehearse(version: string): Promise<void> {
  const scene = await Scene.start(version, interrupted.signal);
  try {
    const own = await rehearseStories(version, scene, say);
    rehearsed.push(...own);
    const isGood = own.every(({ faults }) => faults.length === 0);
    if (isGood)
      writeRecorded(
        version,
        own.map(({ recorded }) => recorded),
      );
    for (const truth of hasTruths ? [...truths, ...sequences, ...servers] : [])
      proven.push(await prove(truth, scene, say));
  } finally {
    await scene.stop();
  }
  if (!hasTruths) return;
  proven.push(await withAuthorizer(version, interrupted.signal, (other) => prove(authorizationTruth, other, say)));
  await withTracing(version, interrupted.signal, async (other) => {
    for (const truth of tracingTruths(version)) proven.push(await prove(truth, other, say));
  });
}

/** A version without exemplars. */
async function compareReadings(version: string): Promise<void> {
  const scene = await Scene.start(version, interrupted.signal);
  try {
    for (const truth of [...deltaTruths, etcdStopped]) proven.push(await prove(truth, scene, say));
  } finally {
    await scene.stop();
  }
}

if (unknown.length > 0) {
  say(`no Kubernetes ${unknown.join(', ')}: there are ${known.join(', ')}`);
  process.exitCode = 2;
} else {
  for (const version of versions.length === 0 ? known : versions)
    await (measuredVersions.includes(version) ? rehearse : compareReadings)(version);
  process.stdout.write(`${rehearsed.length > 0 ? table(rehearsed) : ''}\n${truthTable(proven)}`);
  if ([...rehearsed, ...proven].some(({ faults }) => faults.length > 0)) process.exitCode = 1;
}
