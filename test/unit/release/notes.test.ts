import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packagesOf } from '../../../scripts/build/packages.ts';
import { releaseNotes } from '../../../scripts/release/notes.ts';

const changelog =
  '# Changes\n\n## Unreleased\n\n## 1.2.0 (2026-11-30)\n\n- One.\n\n### More\n\n- Two.\n\n## 1.1.0\n\n- Old.\n';

test('the notes of a release are its section of the changelog', () => {
  assert.equal(releaseNotes(changelog, '1.2.0'), '- One.\n\n### More\n\n- Two.\n');
  assert.equal(releaseNotes(changelog, '1.1.0'), '- Old.\n');
});

test('a release without notes is refused', () => {
  assert.throws(() => releaseNotes(changelog, '1.3.0'), /no section "## 1\.3\.0"/);
  assert.throws(() => releaseNotes(changelog, 'Unreleased'), /nothing in it/);
});

test('the packages in the program are found from its sources, and have a licence that permits it', async () => {
  const sources = [
    'src/main.ts',
    'node_modules/ws/lib/websocket.js',
    'node_modules/@grpc/grpc-js/build/src/index.js',
    'node_modules/ws/index.js',
  ];
  const packages = await packagesOf(sources);
  assert.deepEqual(
    packages.map(({ name, license }) => [name, license]),
    [
      ['@grpc/grpc-js', 'Apache-2.0'],
      ['ws', 'MIT'],
    ],
  );
  assert.match(packages[1]?.text ?? '', /Permission is hereby granted/);
  await assert.rejects(packagesOf(['node_modules/absent/index.js']), { code: 'ENOENT' });
});
