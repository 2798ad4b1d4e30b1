import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import stringWidth from 'string-width';
import { ASCII, UNICODE } from '../../../src/render/look.ts';
import { drawScreen } from '../../../src/render/terminal/screen.ts';
import { onClock } from '../../support/clock.ts';
import { recordedReport, recordedStory } from '../../support/recorded-report.ts';

/**
 * What a terminal shows of requests to real servers, to be read by people. After a change on purpose:
 * `node --test --test-update-snapshots test/unit/render/golden.test.ts`, then read the difference.
 */
interface Golden {
  readonly minor: number;
  readonly story: string;
  /** As a user would have typed it, after `kubectl trace`. */
  readonly command: string;
  readonly objectCount?: number;
  readonly found?: false;
  /** How far the server's clock is ahead of the client's, in nanoseconds. */
  readonly ahead?: number;
}

const GOLDEN: Readonly<Record<string, Golden>> = {
  'get-nodes': { minor: 37, story: 'masters-list', command: 'get nodes', objectCount: 1 },
  'no-trace': { minor: 37, story: 'admin-list', command: 'get nodes', objectCount: 1, found: false },
  'slow-webhook': { minor: 37, story: 'masters-create', command: 'create -f web.yaml' },
  'own-trace': { minor: 37, story: 'admin-update', command: 'replace -f web.yaml' },
  'server-side-apply': { minor: 37, story: 'masters-apply-create', command: 'apply -f web.yaml' },
  patch: { minor: 37, story: 'masters-patch', command: 'patch configmap web -p ...' },
  delete: { minor: 37, story: 'masters-delete', command: 'delete configmap web' },
  'delete-several': { minor: 37, story: 'masters-deletecollection', command: 'raw DELETE /api/v1/...' },
  conflict: { minor: 37, story: 'masters-conflict', command: 'create -f web.yaml' },
  'not-found': { minor: 37, story: 'masters-not-found', command: 'get configmap absent' },
  'from-cache': { minor: 37, story: 'masters-list-from-cache', command: 'get --raw /api/v1/nodes?...', objectCount: 1 },
  forbidden: { minor: 37, story: 'nobody-forbidden', command: 'get nodes' },
  unauthorized: { minor: 37, story: 'wrong-token-unauthorized', command: 'get nodes' },
  discovery: { minor: 37, story: 'masters-discovery', command: 'get --raw /apis' },
  'clock-ahead': { minor: 37, story: 'masters-list', command: 'get nodes', objectCount: 1, ahead: 1.2e9 },
  'get-1.35': { minor: 35, story: 'masters-get', command: 'get namespace default', objectCount: 1 },
  'create-1.33': { minor: 33, story: 'masters-create', command: 'create -f web.yaml' },
  'old-server': { minor: 31, story: 'admin-list', command: 'get nodes', objectCount: 1 },
  'create-1.29': { minor: 29, story: 'admin-create', command: 'create -f web.yaml' },
};

/** The same screen three times: as it is, in ASCII, and in colour with its escape sequences made visible. */
const LOOKS = [
  { title: 'Unicode', colour: false, glyphs: UNICODE },
  { title: 'ASCII', colour: false, glyphs: ASCII },
  { title: 'colour', colour: true, glyphs: UNICODE },
] as const;

for (const [name, { minor, story, command, objectCount = null, found = true, ahead = 0 }] of Object.entries(GOLDEN)) {
  for (const columns of [40, 80, 120, 200]) {
    test(`${name} in ${columns} columns`, (t) => {
      const recorded = recordedStory(minor, story);
      const told = { command: `kubectl trace ${command}`, objectCount, found };
      const report = recordedReport({ ...recorded, spans: onClock(ahead, recorded.spans) }, told);
      const screens = LOOKS.map(({ title, ...look }) => {
        const screen = drawScreen(report, { columns, ...look }, stringWidth).replaceAll('\u001b', '␛');
        return `=== ${title}\n${screen}`;
      });
      const file = fileURLToPath(new URL(`../../golden/${name}.${columns}.txt`, import.meta.url));
      t.assert.fileSnapshot(screens.join('\n'), file, { serializers: [String] });
    });
  }
}
