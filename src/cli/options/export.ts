import type { Flag } from '../flag.ts';

/** Where a command's own spans go. */
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
