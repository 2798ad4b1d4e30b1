import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { Directive } from '../../../../src/commands/complete/completion.ts';
import { completed, type Completed } from './world.ts';

const SECOND = 1_000_000_000n;
const START = 1_795_000_000n * SECOND;

let home: string;
before(() => {
  home = mkdtempSync(join(tmpdir(), 'kubectl-trace-complete-'));
  store(0, 'aaaa1111', ['get', 'nodes']);
  store(60, 'bbbb2222', ['raw', 'GET', '/readyz?verbose']);
  // The same first eight digits, and an argument that a terminal would act on.
  store(120, 'bbbb2222', ['get', 'pods', '-l', 'app="\u001b[31mweb'], '1');
});
after(() => rmSync(home, { recursive: true, force: true }));

function store(seconds: number, id: string, args: readonly string[], then = '0'): void {
  const folder = join(home, '.local/state/kubectl-trace/history');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const startTime = START + BigInt(seconds) * SECOND;
  const name = `${String(startTime).padStart(20, '0')}-${id}${then.repeat(24)}.json`;
  const document = { apiVersion: 'kubectl-trace/v1alpha1', command: { verb: args[0], args }, requests: [] };
  writeFileSync(join(folder, name), JSON.stringify(document), { mode: 0o600 });
}

const complete = (line: string): Promise<Completed> => completed(line, { home, now: START + 300n * SECOND });

const keepOrder = Directive.noFiles | Directive.keepOrder;

suite('stored traces', () => {
  test('the last one and the first digits of each, the newest first, with their command lines', async () => {
    const { choices, directive } = await complete('show ');
    assert.deepEqual(choices, [
      { value: 'last', text: `get pods -l 'app="\u001b[31mweb', 3m ago` },
      { value: 'bbbb22221', text: `get pods -l 'app="\u001b[31mweb', 3m ago` },
      { value: 'bbbb22220', text: `raw GET '/readyz?verbose', 4m ago` },
      { value: 'aaaa1111', text: 'get nodes, 5m ago' },
    ]);
    assert.equal(directive, keepOrder);
  });

  test('by position where that was begun', async () => {
    assert.deepEqual((await complete('show ^')).values, ['^1', '^2']);
    assert.equal((await complete('show ^2')).choices[0]?.text, 'get nodes, 5m ago');
  });

  test('by more digits than were typed', async () => {
    assert.deepEqual((await complete('show aaaa11110000')).values, ['aaaa11110000']);
    assert.deepEqual((await complete('show bbbb')).values, ['bbbb22221', 'bbbb22220']);
  });

  test('files where no ID begins so, and nothing behind the first word', async () => {
    const found = await complete('show spans');
    assert.deepEqual([found.values, found.directive], [[], Directive.files]);
    assert.deepEqual((await complete('show spans.json ')).values, []);
  });

  test('for history, each command to remove', async () => {
    assert.deepEqual((await complete('history --remove ')).values, ['last', 'bbbb22221', 'bbbb22220', 'aaaa1111']);
    assert.equal((await complete('history --remove last aa')).values[0], 'aaaa1111');
    assert.deepEqual((await complete('history ')).values, []);
  });

  for (const [content, text] of [
    ['{"args":["get","\\u00', 'get, 1s ago'],
    ['{"args":["\\u00"', 'cannot be read, 1s ago'],
    ['', 'cannot be read, 1s ago'],
    ['null', 'cannot be read, 1s ago'],
  ] as const) {
    test(`a damaged document is offered as one, for it can be removed: ${content}`, async () => {
      const folder = join(home, '.local/state/kubectl-trace/history');
      const name = `${String(START + 299n * SECOND).padStart(20, '0')}-${'c'.repeat(32)}.json`;
      writeFileSync(join(folder, name), content, { mode: 0o600 });
      try {
        assert.deepEqual((await complete('show cc')).choices, [{ value: 'cccccccc', text }]);
      } finally {
        rmSync(join(folder, name));
      }
    });
  }
});

test('a backend that was found in a cluster is offered as --backend names it', async () => {
  const entry = {
    kind: 'tempo',
    url: 'https://cluster:6443/api/v1/namespaces/obs/services/http:tempo:3200/proxy/tempo',
    via: 'proxy',
  };
  const path = join(home, '.local/state/kubectl-trace/backends.json');
  writeFileSync(path, JSON.stringify({ 'staging https://cluster:6443': entry, 'bad https://x': { url: 1 } }), {
    mode: 0o600,
  });
  const { choices } = await complete('get --backend te');
  assert.deepEqual(choices[0], { value: 'tempo=obs/tempo:3200', text: 'found in context staging' });
});
