import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { findData } from '../../../../src/page/data-element.ts';
import { OUTPUTS, type OpenRenderer, type Renderer } from '../../../../src/render/outputs.ts';
import { UNICODE } from '../../../../src/render/look.ts';
import { redactReport } from '../../../../src/report/redact/report.ts';
import type { Report } from '../../../../src/report/report.ts';
import { toJSON } from '../../../../src/report/json.ts';
import { analyse } from '../../../../src/analysis/analyse.ts';
import { drawTrace } from '../../../support/draw-trace.ts';
import { recordedStories } from '../../../support/recorded.ts';
import { recordedReport, recordedStory } from '../../../support/recorded-report.ts';

const digest = (text: string): string => createHmac('sha256', 'a key').update(text).digest('hex').slice(0, 6);
const look = { columns: 120, colour: false, glyphs: UNICODE, rows: { errors: false, noInferred: false } };

/** All of them: a template can only print what is in the document. */
const FORMATS = (Object.keys(OUTPUTS) as (keyof typeof OUTPUTS)[]).filter((format) => format !== 'jsonpath');

const open = (format: keyof typeof OUTPUTS): Renderer => (OUTPUTS[format] as OpenRenderer)('');

async function everyOutput(report: Report): Promise<string> {
  const texts = await Promise.all(
    FORMATS.map(async (format) => {
      const text = await open(format)(report, look);
      return format === 'html' ? contentOf(text) : text;
    }),
  );
  return texts.join('\n');
}

/** A page without its program, and with the document in it unpacked. */
function contentOf(page: string): string {
  const found = findData(Buffer.from(page));
  assert.ok(found?.end);
  const data = page.slice(found.start, found.end);
  const document = gunzipSync(Buffer.from(data, 'base64')).toString();
  assert.match(document, /"apiVersion":/);
  return `${page.replace(/<(script|style)\b[^]*?<\/\1>/g, '')}\n${document}`;
}

const COMMAND = 'kubectl trace get pod payroll-db -n finance --context=acme-prod -A -l customer=initech -nfinance';

const SERVER = { instanceID: 'apiserver-of-acme', host: 'node-7.acme.example', replicas: 3 };

/** The report of a recorded request, with what a user's own would say more. */
function reportOf(minor: number, story: string, found = true): Report {
  const report = recordedReport(recordedStory(minor, story), { command: COMMAND, objectCount: null, found });
  const request = report.requests[0]!;
  return {
    ...report,
    cluster: { ...report.cluster, context: 'acme-prod' },
    command: { ...report.command, args: COMMAND.split(' ').slice(2) },
    requests: [
      {
        ...request,
        namespace: 'finance',
        name: 'payroll-db',
        flowSchema: 'acme-tenants',
        outcome: 'pod/payroll-db created',
        warnings: ['pod "payroll-db" uses image registry.acme.example/payroll:1.2 of payroll-db in finance'],
        webhooks: [],
        lookup: request.lookup && { ...request.lookup, servedBy: SERVER },
      },
    ],
    error: {
      code: 1,
      reason: 'Forbidden',
      message:
        'User "jane@acme.example" cannot get pods in the namespace finance: dial tcp 10.20.30.40:6443 or [fd00::17]:6443',
      hint: 'you are system:serviceaccount:finance:robot; see https://wiki.acme.example/payroll?team=initech',
      details: ['the API server of acme-prod says: payroll-db is on node-7.acme.example.'],
    },
  };
}

const TELLING =
  /acme|payroll|finance|initech|jane|robot|wiki|10\.20\.30\.40|fd00::17|node-7|127\.0\.0\.1|localhost|record\b|\.test\b|\bweb\b/i;

for (const { title } of recordedStories(37)) {
  test(`--redact, ${title}: no output names objects, machines or people`, async () => {
    const told = await everyOutput(redactReport(reportOf(37, title.replace('1.37 ', '')), digest));
    const line = told.split('\n').find((one) => TELLING.test(one));
    assert.equal(line, undefined);
  });
}

test('--redact hides the name of a single unknown service', async () => {
  const trace = drawTrace('calculate@payroll-service |------------|');
  const report = { ...reportOf(37, 'admin-list'), requests: [], error: null, analysis: analyse(trace) };
  assert.match(await everyOutput(report), TELLING);
  const told = await everyOutput(redactReport(report, digest));
  assert.equal(
    told.split('\n').find((one) => TELLING.test(one)),
    undefined,
  );
});

test('--redact hides names also if no trace was found', async () => {
  const told = await everyOutput(redactReport(reportOf(37, 'admin-list', false), digest));
  assert.equal(
    told.split('\n').find((one) => TELLING.test(one)),
    undefined,
  );
});

test('--redact keeps times, positions, components and findings', () => {
  const report = reportOf(37, 'masters-create');
  const redacted = redactReport(report, digest);
  const shape = ({ analysis }: Report): unknown => [
    analysis?.trace.spans.map(({ offset, duration, depth, spanID, source, inferred, span: { kind } }) => [
      [offset, duration, depth, spanID],
      [source, inferred, kind],
    ]),
    analysis?.component,
    analysis?.self,
    analysis?.componentTimes.map(({ component, nanos }) => [component, nanos]),
    analysis?.criticalPath.map(({ span, from, to }) => [span.spanID, from, to]),
    analysis?.findings.map(({ id, nanos, share, spans }) => [id, nanos, share, spans.map(({ spanID }) => spanID)]),
  ];
  assert.deepEqual(shape(redacted), shape(report));
});

test('--redact gives a name the same pseudonym everywhere and in every report', () => {
  const { requests, error, command } = redactReport(reportOf(37, 'masters-create'), digest);
  const namespace = `name-${digest('finance')}`;
  const name = `name-${digest('payroll-db')}`;
  assert.deepEqual([requests[0]?.namespace, requests[0]?.name], [namespace, name]);
  assert.equal(requests[0]?.outcome, `pod/${name} created`);
  assert.match(requests[0]?.warnings[0] ?? '', new RegExp(`^pod "${name}" uses image .* of ${name} in ${namespace}$`));
  assert.match(error?.message ?? '', new RegExp(`in the namespace ${namespace}: dial tcp host-`));
  assert.match(error?.hint ?? '', new RegExp(`^you are system:serviceaccount:${namespace}:name-`));
  assert.deepEqual(command.args.slice(0, 5), ['get', 'pod', name, '-n', namespace]);
  assert.equal(command.args.at(-1), `-n${namespace}`);
  assert.ok(command.args.includes('-A'));
});

test("--redact replaces names in kubectl's lines about other objects than created ones", () => {
  const report = reportOf(37, 'masters-create');
  const outcomeOf = (outcome: string): string | null | undefined =>
    redactReport({ ...report, requests: report.requests.map((request) => ({ ...request, outcome })) }, digest)
      .requests[0]?.outcome;
  const [name, namespace] = ['payroll-db', 'finance'].map((text) => `name-${digest(text)}`);
  assert.equal(
    outcomeOf('pod "payroll-db" deleted from finance namespace'),
    `pod "${name}" deleted from ${namespace} namespace`,
  );
  assert.equal(outcomeOf('namespace "finance" force deleted'), `namespace "${namespace}" force deleted`);
  assert.equal(outcomeOf('pod/payroll-db patched (server dry run)'), `pod/${name} patched (server dry run)`);
});

test('--redact keeps Kubernetes terms', () => {
  const report = redactReport(reportOf(37, 'masters-list'), digest);
  const spans = report.analysis?.trace.spans ?? [];
  const names = new Set(spans.map(({ span }) => span.name));
  for (const name of ['GET /api/v1/nodes', 'cacher.GetList', 'etcdserverpb.KV/Range', 'range', 'priorityandfairness']) {
    assert.ok(names.has(name), name);
  }
  const range = spans.find(({ span }) => span.name === 'range');
  assert.equal(range?.span.attributes['range_begin'], '/registry/minions');
  assert.equal(report.requests[0]?.path, '/api/v1/nodes');
});

test('--redact applies to a document read from a file', () => {
  const report = reportOf(37, 'masters-create');
  const { requests } = toJSON(redactReport({ ...report, document: toJSON(report) }, digest));
  assert.doesNotMatch(JSON.stringify(requests), TELLING);
});
