import { readFile, writeFile } from 'node:fs/promises';
import { goModule } from './kubernetes/go-source.ts';
import { kubeletReasons, type KubeletReasons } from './kubernetes/kubelet-reasons.ts';
import { missingReasons } from './kubernetes/missing-reasons.ts';

/**
 * `npm run kubelet-reasons`: reads every reason that kubelet and volume controllers can write from the sources of
 * Kubernetes, and fails on one that the tables of src/pod lack, or that the fixture of the tests does not have.
 * With `-- --write` it writes the fixture. Needs Go, for its module cache.
 */
const VERSIONS = ['v1.29.6', 'v1.37.2'];
const fixture = new URL('../test/fixtures/kubernetes/kubelet-reasons.json', import.meta.url);

const found: Record<string, KubeletReasons> = {};
for (const version of VERSIONS) found[version] = kubeletReasons(goModule('k8s.io/kubernetes', version));

const text = `${JSON.stringify(found, null, 2)}\n`;
const problems = Object.entries(found).flatMap(([version, reasons]) =>
  missingReasons(reasons).map((missing) => `Kubernetes ${version}: ${missing}`),
);
if (process.argv.includes('--write')) await writeFile(fixture, text);
else if ((await readFile(fixture, 'utf8')) !== text) {
  problems.push(
    'test/fixtures/kubernetes/kubelet-reasons.json is not what the sources have: npm run kubelet-reasons -- --write',
  );
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
const counts = Object.entries(found).map(([version, { events, rejections, waiting }]) => {
  return `${version}: ${events.length} event reasons, ${rejections.length} rejections, ${waiting.length} waiting reasons`;
});
process.stdout.write(`${counts.join('\n')}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
