import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { traceListPage, traceListUpdate } from '../../../src/commands/serve/trace-list.ts';
import { exportRequest, newTrace, type SentSpan } from '../../support/otlp.ts';
import { DRAWING, startTestServing, type TestServing } from '../../support/serving.ts';

const START = 1_795_478_400_000_000_000n;
const FROM = 'lookback=900000h';

let serving: TestServing;
let end: () => Promise<void>;
before(async () => {
  const draw = { ...DRAWING, list: traceListPage, update: traceListUpdate };
  serving = await startTestServing({ after: (ending) => (end = ending) }, { draw });
});
after(() => end());

async function send(spans: readonly SentSpan[], service?: string): Promise<void> {
  const headers = { 'content-type': 'application/x-protobuf' };
  const body = new Uint8Array(exportRequest(spans, service));
  assert.equal((await fetch(`${serving.otlpURL}/v1/traces`, { method: 'POST', headers, body })).status, 200);
}

async function open(query: string): Promise<{ readonly status: number; readonly html: string }> {
  const response = await fetch(`${serving.queryURL}/?${query}`, { headers: { accept: 'text/html' } });
  assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
  return { status: response.status, html: await response.text() };
}

const linksIn = (html: string): string[] =>
  [...html.matchAll(/<a href="\/trace\/([0-9a-f]{32})">/g)].map(([, id]) => id!);

suite('the start page', () => {
  const [fast, slow, other] = [newTrace(), newTrace(), newTrace()];
  before(async () => {
    await send([{ trace: fast, name: 'GET', start: START, attributes: { 'http.route': '/cart', code: 200n } }]);
    await send([
      { trace: slow, name: 'PUT', start: START + 3_600_000_000_000n, duration: 5_000_000_000n, failed: true },
    ]);
    await send([{ trace: other, start: START }], 'etcd');
  });

  const searches: readonly (readonly [query: string, traces: readonly string[]])[] = [
    ['', [other, slow, fast]],
    ['limit=1', [other]],
    [`service=shop&${FROM}`, [slow, fast]],
    [`service=etcd&${FROM}`, [other]],
    [`service=shop&operation=PUT&${FROM}`, [slow]],
    [`service=shop&tag=http.route:/cart&${FROM}`, [fast]],
    [`service=shop&tag=http.route:/cart&tag=code:200&${FROM}`, [fast]],
    [`service=shop&tag=http.route:/cart&tag=code:500&${FROM}`, []],
    [`service=shop&tag=error:true&${FROM}`, [slow]],
    [`service=shop&minDuration=1s&${FROM}`, [slow]],
    [`service=shop&maxDuration=1s&${FROM}`, [fast]],
    ['service=shop&from=2026-11-24T00:30', [slow]],
    ['service=shop&from=2026-11-24T00:00&until=2026-11-24T00:30:00', [fast]],
    ['service=shop&from=2026-11-25', []],
  ];
  for (const [query, traces] of searches) {
    test(`lists ${traces.length} with ${query === '' ? 'no condition' : query}`, async () => {
      const { status, html } = await open(query);
      assert.deepEqual(linksIn(html), traces);
      assert.equal(status, 200);
    });
  }

  test('has a search that cannot be done refused with 400 and the reason, and keeps what was filled in', async () => {
    const { status, html } = await open('service=&operation=GET+%22x%22&minDuration=');
    assert.equal(status, 400);
    assert.match(html, /<p class="problem" role="alert">choose a service: [^<]+<\/p>/);
    assert.match(html, /name="operation" value="GET &quot;x&quot;"/);
    assert.doesNotMatch(html, /<table>/);
    assert.equal((await open('service=shop&tag=none')).status, 400);
    assert.equal((await open('service=shop&from=noon')).status, 400);
  });

  test('links to more traces of the same search', async () => {
    const { html } = await open(`service=shop&tag=${encodeURIComponent('a&b:"')}&limit=2&${FROM}`);
    assert.doesNotMatch(html, /Show more/);
    const [, more] = /<a href="([^"]+)">Show more traces/.exec((await open(`service=shop&limit=2&${FROM}`)).html) ?? [];
    assert.equal(more, '/?service=shop&amp;limit=8&amp;lookback=900000h');
  });

  test('does not hold the whole of a long name', async () => {
    await send([{ trace: newTrace(), name: 'n'.repeat(300_000) }], 's'.repeat(100_000));
    const { html } = await open('limit=1');
    assert.match(html, /n{200}…<\/a>/);
    assert.ok(html.length < 150_000, `${html.length} characters`);
  });
});

suite('the script of the start page', () => {
  const JSON_ONLY = { accept: 'application/json' };
  const read = (query: string, tag?: string): Promise<Response> =>
    fetch(`${serving.queryURL}/?${query}`, {
      headers: { ...JSON_ONLY, ...(tag !== undefined && { 'if-none-match': tag }) },
    });

  test('gets the rows once, and again when spans have come', async () => {
    const trace = newTrace();
    await send([{ trace, name: 'before' }]);
    const first = await read('');
    assert.equal(first.status, 200);
    assert.equal(first.headers.get('cache-control'), 'no-store');
    const tag = first.headers.get('etag') ?? '';
    const { rows } = (await first.json()) as { rows: { id: string; cells: { text: string }[] }[] };
    assert.deepEqual([rows[0]?.id, rows[0]?.cells[2]?.text], [trace, 'before']);
    const again = await read('', tag);
    assert.deepEqual([again.status, await again.text()], [304, '']);
    await send([{ trace }]);
    const changed = await read('', again.headers.get('etag') ?? '');
    assert.equal(changed.status, 200);
    assert.equal(((await changed.json()) as { rows: { cells: { text: string }[] }[] }).rows[0]?.cells[4]?.text, '2');
  });

  test('gets nothing when spans have come that change no row of a search', async () => {
    const query = `service=etcd&${FROM}`;
    const first = await read(query);
    await send([{ trace: newTrace() }], 'another');
    // Services are part of it: the form lists them.
    const second = await read(query, first.headers.get('etag') ?? '');
    assert.equal(second.status, 200);
    await send([{ trace: newTrace() }], 'another');
    const third = await read(query, second.headers.get('etag') ?? '');
    assert.equal(third.status, 304);
    assert.notEqual(third.headers.get('etag'), second.headers.get('etag'));
  });

  test('gets the list again for an unknown tag', async () => {
    for (const tag of ['"x"', 'W/"final.1-1-0.a"', '"final.1-1-0.a"', '*'])
      assert.equal((await read('', tag)).status, 200);
  });

  test('gets a search that cannot be done refused with 400', async () => {
    assert.equal((await read('operation=GET')).status, 400);
  });
});

test('the spans of a trace are sent once, and again when more have come', async () => {
  const trace = newTrace();
  await send([{ trace }]);
  const read = (tag: string): Promise<Response> =>
    fetch(`${serving.queryURL}/api/v3/traces/${trace}`, { headers: { 'if-none-match': tag } });
  const first = await read('');
  assert.equal(first.status, 200);
  await first.text();
  const again = await read(first.headers.get('etag') ?? '');
  assert.deepEqual([again.status, await again.text()], [304, '']);
  const arrived = Date.parse(again.headers.get('last-modified') ?? '');
  assert.ok(Math.abs(Date.parse(again.headers.get('date') ?? '') - arrived) < 60_000);
  await send([{ trace }]);
  assert.equal((await read(first.headers.get('etag') ?? '')).status, 200);
});
