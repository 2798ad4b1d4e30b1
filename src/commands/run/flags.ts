import type { Flag } from '../../cli/flag.ts';

/** Of commands that send requests: where their own spans go. */
export const EXPORT_FLAGS: readonly Flag[] = [
  {
    name: 'export',
    type: 'string',
    group: 'export',
    placeholder: 'URL',
    implied: 'default',
    help: "Send this command's own spans there too, by OTLP over gRPC; without a URL as OTEL_EXPORTER_OTLP_ENDPOINT says. --export=none does not",
  },
];

/** Of `run`. */
export const RUN_FLAGS: readonly Flag[] = [
  {
    name: 'trace-output',
    type: 'string',
    group: 'run',
    placeholder: 'FILE',
    help: 'Write the trace to this file, in place of standard error',
  },
];
