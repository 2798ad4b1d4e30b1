import type { Flag } from '../flag.ts';

/** Where a command's own spans go. */
export const EXPORT_FLAGS: readonly Flag[] = [
  {
    name: 'export',
    type: 'string',
    group: 'export',
    placeholder: 'URL',
    implied: 'default',
    help: 'Also export the client spans by OTLP over gRPC, to OTEL_EXPORTER_OTLP_ENDPOINT if no URL is given; "none" disables the export',
  },
];
