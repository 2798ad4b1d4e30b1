import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { untilResponding } from '../lab/cluster/backends.ts';
import { executable } from '../lab/cluster/build.ts';
import { serverEnvironment } from '../lab/cluster/commands.ts';
import { freePorts } from '../lab/cluster/ports.ts';
import { Supervision } from '../lab/cluster/supervision.ts';
import { jaeger2 } from '../lab/cluster/versions.ts';

/** A Jaeger 2 with its own page. */
export interface JaegerPage {
  /** Sends a file of `writeSpans`, and resolves with the address of the trace's page. */
  send(file: string): Promise<string>;
  stop(): Promise<void>;
}

/** A request of the Collector has 20 MiB at most. */
const SPANS_PER_REQUEST = 5000;

interface ResourceSpans {
  readonly resource: unknown;
  readonly scopeSpans: readonly { readonly scope: unknown; readonly spans: readonly { readonly traceId: string }[] }[];
}

/** Starts one that serves the user interface in a folder: `index.html` and `static/`, as Jaeger's build writes them. */
export async function startJaegerPage(assets: string): Promise<JaegerPage> {
  const program = await executable(jaeger2);
  const [http, query] = (await freePorts(2)) as [number, number];
  const supervision = await Supervision.begin();
  const stop = (): Promise<void> => supervision.finish();
  const address = `http://127.0.0.1:${query}`;
  try {
    const configuration = join(supervision.folder, 'jaeger.yaml');
    await writeFile(configuration, configurationOf(http, query, assets));
    const log = join(supervision.folder, 'logs', 'jaeger-page.log');
    const env = { ...serverEnvironment({}), OTEL_TRACES_SAMPLER: 'always_off' };
    await supervision.start({ name: 'jaeger-page', command: program, args: ['--config', configuration], env, log });
    await untilResponding(`${address}/api/services`);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    async send(file) {
      const { resourceSpans } = JSON.parse(await readFile(file, 'utf8')) as { readonly resourceSpans: ResourceSpans[] };
      const requests = resourceSpans.flatMap((spans) => [...requestsOf(spans)]);
      for (const body of requests) {
        const headers = { 'content-type': 'application/json' };
        const { status } = await fetch(`http://127.0.0.1:${http}/v1/traces`, { method: 'POST', headers, body });
        if (status !== 200) throw new Error(`Jaeger responded to spans with ${status}`);
      }
      return `${address}/trace/${resourceSpans[0]?.scopeSpans[0]?.spans[0]?.traceId ?? ''}`;
    },
    stop,
  };
}

function* requestsOf({ resource, scopeSpans }: ResourceSpans): Generator<string> {
  for (const { scope, spans } of scopeSpans) {
    for (let first = 0; first < spans.length; first += SPANS_PER_REQUEST) {
      const part = spans.slice(first, first + SPANS_PER_REQUEST);
      yield JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope, spans: part }] }] });
    }
  }
}

/** JSON is YAML. */
const configurationOf = (http: number, query: number, assets: string): string =>
  JSON.stringify({
    extensions: {
      jaeger_storage: { backends: { memory: { memory: { max_traces: 100 } } } },
      jaeger_query: {
        storage: { traces: 'memory' },
        ui: { assets_path: assets },
        http: { endpoint: `127.0.0.1:${query}` },
        grpc: { endpoint: '127.0.0.1:0' },
      },
    },
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${http}` } } } },
    exporters: { jaeger_storage_exporter: { trace_storage: 'memory' } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      extensions: ['jaeger_storage', 'jaeger_query'],
      pipelines: { traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] } },
    },
  });
