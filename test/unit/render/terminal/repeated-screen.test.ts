import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UNICODE } from '../../../../src/render/look.ts';
import { drawRepeatedScreen } from '../../../../src/render/terminal/repeated-screen.ts';
import { OUTPUTS } from '../../../../src/render/outputs.ts';
import { isRepeated } from '../../../../src/report/repeated.ts';
import type { Report, RequestReport } from '../../../../src/report/report.ts';
import { plainWidth } from '../../../../src/render/terminal/width.ts';
import { repeated } from '../../../support/repeated.ts';
import { nodesRequest } from '../../../support/reports.ts';

const draw = (report: Report, columns = 120): string =>
  drawRepeatedScreen(report, { columns, colour: false, glyphs: UNICODE }, plainWidth);

test('--repeat draws the slowest request, with p50 and p95 of its rows over all requests', () => {
  const screen = draw(repeated([4, 8, 40, 12]));
  const [first, , headline, , request] = screen.split('\n');
  assert.equal(first, '4 times  p50 8.00 ms  p95 40.0 ms  4.00–40.0 ms;  the slowest:');
  assert.equal(headline, 'nothing stands out: 40.0 ms, 100 % of it apiserver');
  assert.match(request ?? '', /^GET \/api\/v1\/nodes {2}200 .* 40\.0 ms/);
  assert.match(screen, /^ +p50 +p95 +self +total +0 .*40\.0 ms$/m);
  assert.match(screen, /^ +8\.00 ms +40\.0 ms +GET +· +40\.0 ms/m);
  assert.match(screen, /^ +4\.00 ms +20\.0 ms +.*List +20\.0 ms +20\.0 ms/m);
});

test('--repeat leaves out percentiles on a narrow screen, and lines fit every width', () => {
  for (let columns = 40; columns <= 200; columns++) {
    const screen = draw(repeated([4, 8, 40, 12]), columns);
    const widest = Math.max(...screen.split('\n').map((line) => plainWidth(line)));
    assert.ok(widest <= columns, `${widest} of ${columns}`);
    assert.equal(/^ +p50 +p95/m.test(screen), columns >= 84);
  }
});

test('--repeat shows the number of traces found', () => {
  const report = repeated([4, 8]);
  const lookup = { ...nodesRequest.lookup!, foundBy: null };
  const requests = report.requests.map((request, index) => (index === 0 ? { ...request, lookup } : request));
  assert.match(draw({ ...report, requests }), /1 trace found; the slowest:/);
});

test('--repeat needs the same read sent more than once', () => {
  const report = repeated([4, 8]);
  assert.equal(isRepeated(report), true);
  assert.equal(isRepeated(repeated([4])), false);
  assert.equal(isRepeated({ ...report, command: { ...report.command, args: ['get', 'nodes'] } }), false);
  const changed = (change: Partial<RequestReport>): Report => ({
    ...report,
    requests: report.requests.map((request, index) => (index === 0 ? { ...request, ...change } : request)),
  });
  assert.equal(isRepeated(changed({ path: '/api/v1/pods' })), false);
  assert.equal(isRepeated(changed({ query: 'limit=500' })), false);
  assert.equal(isRepeated(changed({ purpose: 'discovery' })), false);
  assert.equal(
    isRepeated({ ...report, requests: report.requests.map((one) => ({ ...one, method: 'DELETE' })) }),
    false,
  );
});

test('--repeat: no output for people advises against the repetition, and a command that repeats without it is advised', async () => {
  const report = repeated(Array.from({ length: 30 }, () => 20));
  const { analysis } = report;
  const about = (id: string): boolean => analysis?.findings.some((finding) => finding.id === id) === true;
  assert.equal(about('repeated-requests'), true);
  const unasked = { ...report, command: { ...report.command, args: ['run', '--', 'helm', 'list'] } };
  for (const output of ['tree', 'summary', 'wide', 'markdown'] as const) {
    const write = OUTPUTS[output]();
    const look = { columns: 120, colour: false, glyphs: UNICODE };
    assert.doesNotMatch(await write(report, look), /repeating a request|Cache the response/, output);
    assert.match(await write(unasked, look), /repeating a request 29 times/, output);
  }
});
