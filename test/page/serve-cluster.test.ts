import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { trace as api } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { JSONObject } from '../../src/report/json-value.ts';
import { startCluster, type TestCluster } from '../lab/cluster/cluster.ts';
import { whyNoChromium } from '../support/chromium.ts';
import { allRows } from './browser.ts';
import { expectedOf } from './expected.ts';
import { startServingBrowser, type ServingBrowser } from './serving.ts';

suite('the pages of serve follow real exporters', { skip: whyNoChromium() }, () => {
  let serving: ServingBrowser;
  let cluster: TestCluster;
  before(async () => {
    serving = await startServingBrowser();
    cluster = await startCluster({ exportTo: serving.serve.otlp });
  });
  after(async () => {
    await cluster?.stop();
    await serving?.[Symbol.asyncDispose]();
  });

  test("the trace of a request to kube-apiserver comes into the list, and its page has the tree's rows", async () => {
    await using opened = await serving.open('/?service=apiserver&tag=http.request.method:GET&limit=200');
    const { page } = opened;
    const document = JSON.parse(
      await serving.run('get', 'nodes', '--kubeconfig', cluster.kubeconfig, '--context', 'masters', '-o', 'json'),
    ) as JSONObject;
    const { spans: received } = document['trace'] as { spans: readonly { service: string; traceID: string }[] };
    const id = received.find(({ service }) => service === 'apiserver')?.traceID ?? '';
    assert.match(id, /^[0-9a-f]{32}$/);
    const line = page.locator(`tr[data-id="${id}"]`);
    await line.filter({ hasText: 'settled' }).waitFor();
    const shown = JSON.parse(await serving.run('show', id, '--no-history', '-o', 'json')) as JSONObject;
    const { spans } = shown['trace'] as { spans: readonly { source: string }[] };
    const cells = await line.locator('td').allTextContents();
    const { findings } = shown['summary'] as { findings: readonly { headline: string }[] };
    assert.equal(cells[1], 'apiserver');
    assert.equal(cells[4], String(spans.filter(({ source }) => source === 'span').length));
    assert.equal(cells[6], shown['verdict']);
    assert.ok(findings.length === 0 ? cells[7] === 'none' : cells[7]?.startsWith(findings[0]!.headline), `${cells[7]}`);

    await line.locator('a').first().click();
    await page.locator('[role=treegrid]').waitFor();
    const { rows } = expectedOf(shown);
    assert.deepEqual(
      (await allRows(page)).map(({ level, label, self, total }) => [level, label, self, total]),
      rows,
    );
  });

  test("a page follows the spans of OpenTelemetry's exporter over gRPC, while they end", async () => {
    const exporter = new OTLPTraceExporter({ url: `http://${serving.serve.otlp}` });
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    const tracer = provider.getTracer('test');
    const root = tracer.startSpan('root');
    const context = api.setSpan((await import('@opentelemetry/api')).ROOT_CONTEXT, root);
    const step = async (name: string): Promise<void> => {
      tracer.startSpan(name, {}, context).end();
      await provider.forceFlush();
    };
    await step('first');
    const { traceId } = root.spanContext();
    await using opened = await serving.open(`/trace/${traceId}`);
    const { page } = opened;
    await page.locator('.rows').getByText('first').waitFor();
    // Fast rows are folded otherwise.
    for (const key of ['a', 'a']) await page.keyboard.press(key);
    await step('second');
    await page.locator('.rows').getByText('second').waitFor();
    root.end();
    await provider.shutdown();
    await page.locator('.rows [aria-level="1"]').getByText('root').waitFor();
    assert.equal(await page.locator('.rows [role=row]').count(), 3);
    assert.deepEqual(opened.incidents, []);
  });
});
