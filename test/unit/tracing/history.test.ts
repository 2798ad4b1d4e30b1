import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { readStored, remember, storedBack, storedByID } from '../../../src/tracing/history.ts';
import { historyFolder } from '../../../src/tracing/stored-commands.ts';
import { UsageError } from '../../../src/errors.ts';
import { readDocument } from '../../../src/report/document/report.ts';
import type { Report } from '../../../src/report/report.ts';
import { epochNanos } from '../../../src/trace/time.ts';
import { testRuntime } from '../kube/fixture.ts';
import { recordedReport, recordedStory } from '../../support/recorded-report.ts';
import { traceID } from '../../support/spans.ts';

let home = '';
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'kubectl-trace-history-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const world = (env: Record<string, string> = {}): ReturnType<typeof testRuntime> => testRuntime({ home, env });
const folder = (): string => join(home, '.local', 'state', 'kubectl-trace', 'history');

const recorded = recordedReport(recordedStory(37, 'masters-list'), { command: 'x', objectCount: 1, found: true });

/** The nth command of somebody. */
function command(n: number, over: Partial<Report> = {}): Report {
  const startTime = epochNanos(1_795_478_400_000_000_000n + BigInt(n));
  return { ...recorded, command: { ...recorded.command, startTime, traceID: traceID((n + 1).toString(16)) }, ...over };
}

const recall = async (back: number, as = world()): Promise<string> => readStored(storedBack(back, as), as);

const idOf = async (back: number): Promise<unknown> => readDocument(JSON.parse(await recall(back))).command.traceID;

suite('history: a command is stored', () => {
  test('in its own file, readable only by its user', async () => {
    assert.equal(await remember(command(1), world()), true);
    assert.deepEqual(readdirSync(folder()), ['01795478400000000001-00000000000000000000000000000002.json']);
    assert.equal(statSync(folder()).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder(), readdirSync(folder())[0]!)).mode & 0o777, 0o600);
  });

  test('under XDG_STATE_HOME, unless that is relative', async () => {
    const state = join(home, 'state');
    assert.equal(historyFolder(world({ XDG_STATE_HOME: state })), join(state, 'kubectl-trace', 'history'));
    assert.equal(historyFolder(world({ XDG_STATE_HOME: 'state' })), folder());
    assert.equal(historyFolder(world({ XDG_STATE_HOME: '' })), folder());
  });

  test('without response bodies', async () => {
    const document = JSON.parse(JSON.stringify({ requests: [{ body: { data: { password: 'c2VjcmV0' } } }] })) as never;
    assert.equal(await remember(command(1, { document }), world()), true);
    assert.equal(await recall(0), '{"requests":[{"body":null}]}');
  });

  test('and found by its distance from the last command', async () => {
    for (const n of [3, 1, 2]) await remember(command(n), world());
    assert.equal(await idOf(0), traceID('4'));
    assert.equal(await idOf(1), traceID('3'));
    assert.equal(await idOf(2), traceID('2'));
  });

  test('once, and replaced when its trace is found later', async () => {
    await remember(command(1), world());
    await remember(command(1, { verdict: 'partial' }), world());
    assert.equal(readdirSync(folder()).length, 1);
    assert.equal(readDocument(JSON.parse(await recall(0))).verdict, 'partial');
  });

  test('by many processes at once, with every file complete', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => remember(command(n % 5), world())));
    assert.equal(readdirSync(folder()).length, 5);
    for (const name of readdirSync(folder())) JSON.parse(readFileSync(join(folder(), name), 'utf8'));
  });
});

suite('history: a command is found by a trace ID', () => {
  const found = (prefix: string): string | undefined => storedByID(prefix, world())?.traceID;
  const ofServer = (n: number, id: string): Report => {
    const [request] = recorded.requests;
    const lookup = { ...request!.lookup!, traceID: traceID(id) };
    return command(n, { requests: [{ ...request!, lookup }] });
  };

  test('that is its own, by its first digits', async () => {
    await remember(command(0xabc), world());
    await remember(command(0x1), world());
    assert.equal(found(traceID('abd')), traceID('abd'));
    assert.equal(found(traceID('abd').slice(0, -1)), traceID('abd'));
    assert.equal(found('ff'), undefined);
  });

  test('that a server started for one of its requests', async () => {
    await remember(ofServer(1, 'ab'.repeat(16)), world());
    await remember(command(2), world());
    assert.equal(found('ab'.repeat(16)), traceID('2'));
    assert.equal(found('abab'), traceID('2'));
  });

  test('and the newest one, if several are in that trace', async () => {
    await remember(ofServer(1, 'cd'.repeat(16)), world());
    await remember(ofServer(2, 'cd'.repeat(16)), world());
    assert.equal(found('cd'), traceID('3'));
  });

  test('unless the first digits are those of several traces', async () => {
    await remember(ofServer(1, `ef1${'0'.repeat(29)}`), world());
    await remember(ofServer(2, `ef2${'0'.repeat(29)}`), world());
    assert.throws(
      () => found('ef'),
      (error) => {
        assert.ok(error instanceof UsageError);
        assert.equal(error.message, '2 trace IDs of the history begin with "ef"');
        assert.match(error.hint ?? '', /^give more digits: ef200000, ef100000$/);
        return true;
      },
    );
    assert.equal(found('ef1'), traceID('2'));
  });
});

suite('history: its size is bounded', () => {
  test('by the newest 50 commands', async () => {
    for (let n = 0; n < 53; n++) await remember(command(n), world());
    assert.equal(readdirSync(folder()).length, 50);
    assert.equal(await idOf(49), traceID('4'));
  });

  test('by 64 MiB with any files', async () => {
    mkdirSync(folder(), { recursive: true });
    for (const n of [1, 2, 3]) {
      const name = `0179547840000000000${n}-${traceID(String(n))}.json`;
      writeFileSync(join(folder(), name), Buffer.alloc(30 * 1024 * 1024));
    }
    await remember(command(9), world());
    assert.deepEqual(
      readdirSync(folder()).map((name) => name.slice(19, 20)),
      ['2', '3', '9'],
    );
  });

  test('without removing other files, except temporary files of a killed process', async () => {
    mkdirSync(folder(), { recursive: true });
    for (const name of ['notes.txt', 'old.tmp', 'new.tmp']) writeFileSync(join(folder(), name), 'x');
    utimesSync(join(folder(), 'old.tmp'), new Date(0), new Date(0));
    await remember(command(1), world());
    assert.deepEqual(
      readdirSync(folder()).filter((name) => !name.endsWith('.json')),
      ['new.tmp', 'notes.txt'],
    );
  });
});

suite('history: nothing is stored, without an error,', () => {
  const refused = async (report: Report, isTTY = true): Promise<string> => {
    let noted = '';
    const err = { write: (text: string) => void (noted += text) };
    assert.equal(await remember(report, { ...world(), err, errTerminal: { isTTY, columns: 80 } }), false);
    return noted;
  };
  test('for a command that sent no request', async () => {
    const { command: told } = recorded;
    assert.equal(await refused({ ...recorded, command: { ...told, traceID: null } }), '');
  });
  test('if the folder cannot be created, and a note on a terminal says why', async () => {
    writeFileSync(join(home, '.local'), 'a file');
    assert.equal(
      await refused(command(1)),
      `note: not stored in the history: cannot write ${folder()}: not a directory; --no-history leaves this note out\n`,
    );
    assert.equal(await refused(command(1), false), '');
    await assert.rejects(recall(0), { message: `cannot read the history ${folder()}: not a directory` });
  });
  test('if it is too large, and a note says so', async () => {
    const document = JSON.parse(JSON.stringify({ requests: [], more: 'x'.repeat(64 * 1024 * 1024) })) as never;
    assert.match(
      await refused(command(1, { document })),
      /^note: not stored in the history: it is larger than 64 MiB;/,
    );
  });
});

suite('history: a missing command is an error', () => {
  const refused = (back: number, message: string): Promise<void> =>
    assert.rejects(recall(back), (error) => error instanceof UsageError && error.message === message);
  test('if the history is empty', () => refused(0, 'no command has been stored yet'));
  test('if the history is shorter', async () => {
    await remember(command(1), world());
    await refused(1, 'only 1 command has been stored');
    await remember(command(2), world());
    await refused(7, 'only 2 commands have been stored');
  });
  test('if another user can have written it', async () => {
    const uid = process.geteuid?.() ?? 0;
    const last = async (as: number): Promise<string> => recall(0, { ...world(), uid: as });
    await remember(command(1), world());
    const own = await last(uid);
    await remember(command(2), world());
    chmodSync(join(folder(), readdirSync(folder()).toSorted().at(-1)!), 0o666);
    assert.equal(await last(uid), own);
    await assert.rejects(last(uid + 1), /no command has been stored yet/);
  });
});
