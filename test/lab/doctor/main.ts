import { kubernetesVersions } from '../cluster/versions.ts';
import { cleanHome } from '../../support/kubectl-trace.ts';
import { interrupted, observeWith } from './observing.ts';
import { writeRecorded, type RecordedStory } from './recording.ts';
import { DoctorScene } from './scene.ts';
import { expectedOf, DOCTOR_STORIES } from './stories.ts';

/**
 * `npm run rehearse:doctor -- VERSION…`: sets a real cluster of each version up in every way of the stories, and compares
 * the causes that `doctor` names with those that the stories expect. Each story that agrees replaces its part of the
 * version's recording in test/fixtures/doctor/. `--only NAME,…` runs some stories.
 */
const words = process.argv.slice(2);
const onlyAt = words.indexOf('--only');
const only = onlyAt === -1 ? undefined : words.splice(onlyAt, 2)[1]?.split(',');
const versions = words;
const unknown = versions.filter((version) => !kubernetesVersions.includes(version));

async function rehearse(version: string): Promise<void> {
  const scene = await DoctorScene.start(version);
  const home = cleanHome();
  const recorded: RecordedStory[] = [];
  let isGood = true;
  try {
    for (const story of DOCTOR_STORIES) {
      interrupted.throwIfAborted();
      if (only?.includes(story.name) === false) continue;
      const args = await scene.arrange(story);
      const began = Date.now();
      const { observed, diagnosis } = await observeWith(args, {
        kubeconfig: scene.cluster.kubeconfig,
        home: home.path,
      });
      const millis = Date.now() - began;
      const { causes, broken } = expectedOf(story, version);
      const isRight = JSON.stringify(diagnosis.causes) === JSON.stringify(causes) && diagnosis.brokenLink === broken;
      isGood &&= isRight;
      if (isRight) recorded.push({ story: story.name, observed });
      const named = diagnosis.causes.join(', ') || 'no cause';
      const judged = isRight ? 'as expected' : `expected ${causes.join(', ') || 'no cause'}, ${broken}`;
      const seconds = (millis / 1000).toFixed(1);
      process.stdout.write(
        `${version} ${story.name}: ${named}, broken link ${diagnosis.brokenLink}, ${seconds} s: ${judged}\n`,
      );
      if (!isRight) for (const check of diagnosis.checks) process.stdout.write(`  ${JSON.stringify(check)}\n`);
    }
  } finally {
    await scene.stop();
    home.remove();
  }
  writeRecorded(version, recorded, scene.cluster.folder);
  if (!isGood) process.exitCode = 1;
}

if (versions.length === 0 || unknown.length > 0) {
  process.stderr.write(`usage: npm run rehearse:doctor -- VERSION…, of ${kubernetesVersions.join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const version of versions) await rehearse(version);
}
