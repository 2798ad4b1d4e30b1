import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { folder, readStories } from './fixture.ts';
import type { PodObject } from './seen.ts';
import { stories } from './stories.ts';

const recorded = readStories();

test('exactly the stories are recorded', () => {
  assert.deepEqual(recorded.map(({ truth }) => truth.story).sort(), stories.map(({ name }) => name).sort());
});

for (const { truth, snapshots } of recorded) {
  suite(`the recording ${truth.story}`, () => {
    const story = stories.find(({ name }) => name === truth.story);

    test('matches the expected verdict of its story', () => {
      assert.equal(truth.says, story?.says);
      const verdicts = Object.fromEntries(
        Object.entries(truth.snapshots).map(([name, { verdict }]) => [name, verdict]),
      );
      assert.deepEqual(verdicts, Object.fromEntries(story!.moments.map(({ name, verdict }) => [name, verdict])));
    });

    for (const [name, { requests, spans }] of snapshots) {
      const body = (path: string): unknown => requests.find((request) => request.path === path)?.body;
      const pods = (body(`/api/v1/namespaces/${truth.story}/pods`) as { items: PodObject[] }).items;

      test(`is about the subject, ${name}`, () => {
        const { apiVersion, kind, name: subject, uid } = truth.subject;
        const group = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
        const path = `${group}/namespaces/${truth.story}/${kind.toLowerCase()}s/${subject}`;
        assert.equal((body(path) as PodObject).metadata.uid, uid);
        for (const { metadata } of pods) assert.ok(truth.pods.some((pod) => pod.uid === metadata.uid));
      });

      test(`has the trace of the creating request, ${name}`, () => {
        const trace = spans.find(({ url }) => url.startsWith(`/api/traces/${truth.request.traceID}`));
        const { data } = trace!.body as { data: { spans: { references: { spanID: string }[] }[] }[] };
        const parents = data[0]!.spans.flatMap(({ references }) => references.map(({ spanID }) => spanID));
        assert.ok(parents.includes(truth.request.spanID));
      });

      // One whose volumes do not come has none yet: its first syncPod goes on for two minutes, and ends then.
      test(`has the kubelet's spans of every pod that got a sandbox, ${name}`, () => {
        for (const { metadata, status } of pods) {
          if (!status.conditions?.some((each) => each.type === 'PodReadyToStartContainers' && each.status === 'True'))
            continue;
          const answer = spans.find(({ url }) => url.includes(metadata.uid));
          const { data } = answer!.body as { data: { spans: { operationName: string }[] }[] };
          assert.ok(data.some((trace) => trace.spans.some(({ operationName }) => operationName === 'syncPod')));
        }
      });
    }

    test('is small, and contains no data of the machine', () => {
      for (const file of readdirSync(join(folder, truth.story), { recursive: true, encoding: 'utf8' })) {
        const path = join(folder, truth.story, file);
        if (!statSync(path).isFile()) continue;
        const text = readFileSync(path, 'utf8');
        assert.ok(text.length < 300_000, `${file} has ${text.length} bytes`);
        assert.doesNotMatch(text, /\/tmp\/|\/root\/|\/home\/|kubectl-trace-cluster/, file);
      }
    });
  });
}
