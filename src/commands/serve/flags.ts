import type { Flag } from '../../cli/flag.ts';

/** The flags of `serve`. */
export const SERVE_FLAGS: readonly Flag[] = [
  {
    name: 'listen',
    type: 'string',
    group: 'serve',
    placeholder: 'HOST:PORT',
    default: '127.0.0.1:4317',
    help: 'Address that receives spans as OTLP over gRPC and over HTTP; port 0 chooses a free port',
  },
  {
    name: 'listen-http',
    type: 'string',
    group: 'serve',
    placeholder: 'HOST:PORT|none',
    default: '127.0.0.1:4318',
    help: 'Second address that receives spans, at the default port of OTLP over HTTP; "none" disables it',
  },
  {
    name: 'listen-query',
    type: 'string',
    group: 'serve',
    placeholder: 'HOST:PORT|none',
    default: '127.0.0.1:16686',
    help: 'Address that serves traces through Jaeger\'s API, readable by every user of this machine; "none" disables it',
  },
  {
    name: 'socket',
    type: 'string',
    group: 'serve',
    placeholder: 'PATH',
    help: 'Serve traces on this Unix socket instead of a port; only you must have access to its directory (0700)',
  },
  {
    name: 'database',
    type: 'string',
    group: 'serve',
    placeholder: 'FILE',
    help: 'File that stores the traces; kubectl-trace/traces.db in XDG_STATE_HOME or ~/.local/state if omitted',
  },
  {
    name: 'max-size',
    type: 'string',
    group: 'serve',
    placeholder: 'SIZE',
    default: '512Mi',
    help: 'Maximum size of the database; the oldest traces are deleted first',
  },
  {
    name: 'max-age',
    type: 'duration',
    group: 'serve',
    placeholder: 'DURATION',
    default: '24h',
    help: 'Delete a trace this long after its newest spans arrived',
  },
  {
    name: 'forward',
    type: 'string',
    group: 'serve',
    placeholder: 'URL',
    help: 'Also forward everything to this receiver of OTLP over HTTP, such as http://collector:4318',
  },
];
