import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import stringWidth from 'string-width';
import { UNICODE } from '../../src/render/look.ts';
import { drawScreen } from '../../src/render/screen.ts';
import { onClock } from '../support/clock.ts';
import { recordedReport, recordedStory, type Told } from '../support/recorded-report.ts';

/**
 * What a terminal shows of requests to real servers, to be read by people. After a change on purpose:
 * `node --test --test-update-snapshots test/render/golden.test.ts`, then read the difference.
 */
const stories: readonly (Told & {
  readonly name: string;
  readonly minor: number;
  readonly story: string;
  readonly ahead?: number;
})[] = [
  {
    name: 'get-nodes',
    minor: 37,
    story: 'masters-list',
    command: 'kubectl trace get nodes',
    objectCount: 1,
    found: true,
  },
  {
    name: 'no-trace',
    minor: 37,
    story: 'admin-list',
    command: 'kubectl trace get nodes',
    objectCount: 1,
    found: false,
  },
  {
    name: 'slow-webhook',
    minor: 37,
    story: 'masters-create',
    command: 'kubectl trace create -f web.yaml',
    objectCount: null,
    found: true,
  },
  {
    name: 'own-trace',
    minor: 37,
    story: 'admin-update',
    command: 'kubectl trace replace -f web.yaml',
    objectCount: null,
    found: true,
  },
  {
    name: 'unauthorized',
    minor: 37,
    story: 'wrong-token-unauthorized',
    command: 'kubectl trace get nodes',
    objectCount: null,
    found: true,
  },
  {
    name: 'old-server',
    minor: 31,
    story: 'admin-list',
    command: 'kubectl trace get nodes',
    objectCount: 1,
    found: true,
  },
  {
    name: 'clock-ahead',
    minor: 37,
    story: 'masters-list',
    command: 'kubectl trace get nodes',
    objectCount: 1,
    found: true,
    ahead: 1.2e9,
  },
];

for (const { name, minor, story, ahead = 0, ...told } of stories) {
  for (const columns of [40, 80, 120, 200]) {
    test(`${name} in ${columns} columns`, (t) => {
      const recorded = recordedStory(minor, story);
      const report = recordedReport({ ...recorded, spans: onClock(ahead, recorded.spans) }, told);
      const screen = drawScreen(report, { columns, colour: false, glyphs: UNICODE }, stringWidth);
      const file = fileURLToPath(new URL(`../golden/${name}.${columns}.txt`, import.meta.url));
      t.assert.fileSnapshot(screen, file, { serializers: [String] });
    });
  }
}
