import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import stringWidth from 'string-width';
import { UNICODE } from '../../src/render/look.ts';
import { drawPodScreen } from '../../src/render/pod/screen.ts';
import { drawScreen } from '../../src/render/terminal/screen.ts';
import { readDocument } from '../../src/report/document/report.ts';
import { recordedPods } from '../support/recorded-pods.ts';
import { recordedReport, recordedStory } from '../support/recorded-report.ts';

const LOOK = { colour: false, glyphs: UNICODE };

/**
 * The first screen of each document is a recorded one, drawn by the code of today. After a change on purpose, copy what
 * the failed test prints into the document.
 */
suite('screens in documents', () => {
  test('README.md: the first screen is what the program prints of a recorded document, without tracing', () => {
    const file = new URL('../fixtures/measured/get-nodes.json', import.meta.url);
    const report = readDocument(JSON.parse(readFileSync(file, 'utf8')));
    assert.equal(firstScreen('README.md'), drawScreen(report, { columns: 110, ...LOOK }, stringWidth).trimEnd());
  });

  test("docs/finding-the-trace.md: the first screen is what the program prints for a cluster-admin's request", () => {
    const recorded = recordedStory(37, 'admin-list');
    const report = recordedReport(recorded, { command: 'kubectl trace get nodes', objectCount: 1, found: true });
    assert.equal(
      firstScreen('docs/finding-the-trace.md'),
      drawScreen(report, { columns: 110, ...LOOK }, stringWidth).trimEnd(),
    );
  });

  test('docs/pod.md: the first screen is what the program prints for a pod without an image', async () => {
    const pods = await recordedPods('absent-image', 'final');
    assert.equal(firstScreen('docs/pod.md'), drawPodScreen(pods, { columns: 100, ...LOOK }, stringWidth).trimEnd());
  });
});

function firstScreen(path: string): string | undefined {
  const document = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  return /^```text\n(.*?)\n```$/ms.exec(document)?.[1];
}
