import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { finishedSpans } from './client-span.ts';
import type { ClientWork } from './client-work.ts';

/**
 * Sends the spans of a command's own work to a collector, by OTLP over gRPC, as the OTEL_EXPORTER_OTLP_* variables say
 * (headers, certificate, compression). Resolves with why they have not arrived; undefined when they have. The exporter and
 * gRPC are slow to load: import this module only to use it.
 */
export async function exportSpans(
  work: ClientWork,
  { url, timeoutMillis }: { readonly url: string; readonly timeoutMillis: number },
): Promise<string | undefined> {
  const exporter = new OTLPTraceExporter({ url, timeoutMillis });
  const result = await new Promise<{ readonly error?: Error }>((resolve) => {
    exporter.export(finishedSpans(work), resolve);
  });
  // Not waited for: it would wait for what does not arrive.
  void exporter.shutdown().catch(() => undefined);
  // gRPC says more than there is to know.
  return result.error?.message
    .split('Resolution note:', 1)[0]
    ?.replace(/(?<! ) +$/, '')
    .replace(/\.$/, '');
}
