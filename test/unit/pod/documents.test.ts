import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POD_OUTPUTS } from '../../../src/render/pod/outputs.ts';
import { ASCII, UNICODE } from '../../../src/render/look.ts';
import { POD_STORIES, recordedPods, truthOf } from '../../support/recorded-pods.ts';
import { parsePodDocument } from '../../support/schema.ts';

for (const story of POD_STORIES) {
  for (const snapshot of Object.keys(truthOf(story).snapshots)) {
    test(`${story} ${snapshot}: the document matches its schema, and its stages add up`, async () => {
      const report = await recordedPods(story, snapshot);
      const document = parsePodDocument(POD_OUTPUTS.json()(report));
      for (const { stages, durationNanos } of document.pods) {
        let at = 0;
        for (const { startOffsetNanos, durationNanos: length } of stages) {
          assert.equal(startOffsetNanos, at);
          at += length;
        }
        assert.equal(at, durationNanos);
      }
    });

    test(`${story} ${snapshot}: lines fit the terminal, and ASCII output has only ASCII`, async () => {
      const report = await recordedPods(story, snapshot);
      const commands = (report.verdict?.cause?.next ?? []).map(({ command }) => ` ${command} `);
      // A word of a command stays whole, alone on its line: broken, it would be another value for a shell.
      const isWord = (text: string): boolean =>
        !text.includes(' ') && commands.some((command) => command.includes(` ${text} `));
      for (const columns of [40, 80, 120]) {
        for (const output of ['tree', 'summary', 'wide'] as const) {
          const glyphs = columns === 80 ? ASCII : UNICODE;
          const text = await POD_OUTPUTS[output]()(report, { columns, colour: false, glyphs });
          for (const line of text.split('\n')) {
            // Nothing in these stories is wider than one column.
            const fits = line.length <= columns || isWord(line.replace(/^do next|^ +| \\$/g, '').trim());
            assert.ok(fits, `${line.length} columns in ${columns}: ${line}`);
            assert.equal(line.trimEnd(), line);
          }
          if (glyphs === ASCII) assert.match(text, /^[\n -~]*$/);
        }
      }
    });
  }
}
