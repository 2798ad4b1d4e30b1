import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { executable } from './build.ts';
import { serverEnvironment } from './commands.ts';
import { freePorts, isFree } from './ports.ts';
import { Supervision } from './supervision.ts';
import { jaeger2, otlpToZipkin } from './versions.ts';
import { zipkin } from './zipkin.ts';

export interface BackendPorts {
  /** Ports of the Collector for OTLP. */
  readonly grpc: number;
  readonly http: number;
  /** Port of the Collector for spans in Zipkin's format: a decoy that has no query API. */
  readonly intake: number;
  readonly jaeger: number;
  readonly zipkin: number;
  /** Port of the translator to Zipkin's format. */
  readonly translator: number;
}

/** Taken before the cluster starts, which has to know where its spans go. */
export async function backendPorts(): Promise<BackendPorts> {
  const [grpc, http, intake, jaeger, zipkinPort, translator] = (await freePorts(6)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { grpc, http, intake, jaeger, zipkin: zipkinPort, translator };
}

/** Trace backends beside the cluster's Jaeger 1. */
export interface TraceBackends {
  /** `http://127.0.0.1:PORT` of Jaeger 2 and of Zipkin; the latter is undefined without Java. */
  readonly jaeger2: string;
  readonly zipkin: string | undefined;
  /** Why there is no Zipkin. */
  readonly missing: string | undefined;
  stop(): Promise<void>;
}

const startMillis = 60_000;

/**
 * Starts a Collector that passes every span on to `receivers` of OTLP over gRPC (`127.0.0.1:PORT`), to its own store,
 * which is Jaeger 2, and through a translator to Zipkin.
 */
export async function startBackends(ports: BackendPorts, receivers: readonly string[]): Promise<TraceBackends> {
  const collector = await executable(jaeger2);
  const translator = await executable(otlpToZipkin);
  const java = await zipkin();
  const supervision = await Supervision.begin();
  const environment = { ...serverEnvironment({}), OTEL_TRACES_SAMPLER: 'always_off' };
  const launch = (name: string, command: string, args: readonly string[]): Promise<void> =>
    supervision.start({ name, command, args, env: environment, log: join(supervision.folder, 'logs', `${name}.log`) });
  try {
    const address = `http://127.0.0.1:${ports.zipkin}`;
    if ('jar' in java) {
      await launch('zipkin', java.java, zipkinArgs(java.jar, ports.zipkin));
      await launch('otlp-to-zipkin', translator, [`127.0.0.1:${ports.translator}`, address]);
      await untilResponding(`${address}/health`);
    }
    const configuration = join(supervision.folder, 'collector.yaml');
    await writeFile(configuration, collectorConfiguration(ports, receivers, 'jar' in java));
    await launch('jaeger-2', collector, ['--config', configuration]);
    await untilResponding(`http://127.0.0.1:${ports.jaeger}/api/services`);
    await listens(ports.grpc);
    return {
      jaeger2: `http://127.0.0.1:${ports.jaeger}`,
      zipkin: 'jar' in java ? address : undefined,
      missing: 'missing' in java ? java.missing : undefined,
      stop: () => supervision.finish(),
    };
  } catch (error) {
    await supervision.finish();
    throw error;
  }
}

function zipkinArgs(jar: string, port: number): string[] {
  const listen = { ip: '127.0.0.1', port, 'protocols[0]': 'http' };
  return [
    '-Xmx256m',
    '-jar',
    jar,
    ...Object.entries(listen).map(([key, value]) => `--armeria.ports[0].${key}=${value}`),
  ];
}

function collectorConfiguration(ports: BackendPorts, others: readonly string[], hasZipkin: boolean): string {
  const at = (port: number): { endpoint: string } => ({ endpoint: `127.0.0.1:${port}` });
  const exporters = {
    jaeger_storage_exporter: { trace_storage: 'memory' },
    ...Object.fromEntries(others.map((endpoint, index) => [`otlp/${index}`, { endpoint, tls: { insecure: true } }])),
    ...(hasZipkin && { 'otlphttp/zipkin': { endpoint: `http://127.0.0.1:${ports.translator}`, compression: 'none' } }),
  };
  // JSON is YAML.
  return JSON.stringify({
    extensions: {
      jaeger_storage: { backends: { memory: { memory: { max_traces: 10_000 } } } },
      jaeger_query: { storage: { traces: 'memory' }, http: at(ports.jaeger), grpc: at(0) },
    },
    receivers: { otlp: { protocols: { grpc: at(ports.grpc), http: at(ports.http) } }, zipkin: at(ports.intake) },
    exporters,
    service: {
      telemetry: { metrics: { level: 'none' } },
      extensions: ['jaeger_storage', 'jaeger_query'],
      pipelines: { traces: { receivers: ['otlp', 'zipkin'], exporters: Object.keys(exporters) } },
    },
  });
}

/** Resolves as soon as a server responds at the URL. */
export async function untilResponding(url: string): Promise<void> {
  await until(url, async () => (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok);
}

async function listens(port: number): Promise<void> {
  await until(`127.0.0.1:${port}`, async () => !(await isFree(port)));
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = AbortSignal.timeout(startMillis);
  while (!(await condition().catch(() => false))) {
    if (deadline.aborted) throw new Error(`${what} does not respond after ${startMillis / 1000}s`);
    await sleep(100);
  }
}
