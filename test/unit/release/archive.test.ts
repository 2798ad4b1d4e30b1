import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { writeArchive } from '../../../scripts/release/archive.ts';

const files = [
  { name: 'LICENSE', mode: 0o644 },
  { name: 'kubectl-trace', mode: 0o755 },
];
const time = new Date('2026-11-30T12:00:00Z');

suite('an archive', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-archive-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function archive(name: string, place: string, mode: number): Promise<string> {
    const from = join(folder, place);
    mkdirSync(from, { recursive: true });
    for (const file of files) writeFileSync(join(from, file.name), file.name.repeat(1000), { mode });
    utimesSync(join(from, 'LICENSE'), mode, mode);
    await writeArchive(join(folder, place, name), from, files, time);
    return join(folder, place, name);
  }

  for (const name of ['a.tar.gz', 'a.zip']) {
    test(`${name} has the same bytes wherever and whenever it is made`, async () => {
      const sums = [await archive(name, 'one', 0o600), await archive(name, 'other', 0o640)].map((path) =>
        hash('sha256', readFileSync(path)),
      );
      assert.equal(sums[0], sums[1]);
    });
  }

  test('a.tar.gz is unpacked by the system to plain files with their modes', async () => {
    const path = await archive('a.tar.gz', 'tar', 0o600);
    const listed = execFileSync('tar', ['-tvzf', path, '--utc'], { encoding: 'utf8' });
    const rows = listed
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/));
    assert.deepEqual(
      rows.map(([mode, , , date, , file]) => [mode, date, file]),
      [
        ['-rw-r--r--', '2026-11-30', 'LICENSE'],
        ['-rwxr-xr-x', '2026-11-30', 'kubectl-trace'],
      ],
    );
  });

  test('a.zip is unpacked by Python to the same files', async () => {
    const path = await archive('a.zip', 'zip', 0o600);
    const script =
      'import sys,zipfile; print([(i.filename, oct(i.external_attr >> 16 & 0o777), i.file_size) for i in zipfile.ZipFile(sys.argv[1]).infolist()])';
    const listed = execFileSync('python3', ['-c', script, path], { encoding: 'utf8' });
    assert.equal(listed, "[('LICENSE', '0o644', 7000), ('kubectl-trace', '0o755', 13000)]\n");
  });
});
