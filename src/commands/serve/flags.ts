import type { Flag } from '../../cli/flag.ts';

/** The flags of `serve`. */
export const SERVE_FLAGS: readonly Flag[] = [
  {
    name: 'listen',
    type: 'string',
    group: 'serve',
    placeholder: 'HOST:PORT',
    default: '127.0.0.1:4317',
    help: 'Where spans are received, as OTLP over gRPC and over HTTP; port 0 is any free one',
  },
  {
    name: 'listen-http',
    type: 'string',
    group: 'serve',
    placeholder: 'HOST:PORT|none',
    default: '127.0.0.1:4318',
    help: 'The same at the port that OTLP over HTTP has',
  },
  {
    name: 'listen-query',
    type: 'string',
    group: 'serve',
    placeholder: 'HOST:PORT|none',
    default: '127.0.0.1:16686',
    help: "Where traces are looked up, by Jaeger's API; every user of this machine can read them there",
  },
  {
    name: 'socket',
    type: 'string',
    group: 'serve',
    placeholder: 'PATH',
    help: 'Look-ups by a unix socket that only you can use, instead of a port; its folder must be yours alone (0700)',
  },
  {
    name: 'database',
    type: 'string',
    group: 'serve',
    placeholder: 'FILE',
    help: 'The file that traces are kept in; without this flag kubectl-trace/traces.db in XDG_STATE_HOME or ~/.local/state',
  },
  {
    name: 'max-size',
    type: 'string',
    group: 'serve',
    placeholder: 'SIZE',
    default: '512Mi',
    help: 'How large that file may become; then the oldest traces go first',
  },
  {
    name: 'max-age',
    type: 'duration',
    group: 'serve',
    placeholder: 'DURATION',
    default: '24h',
    help: 'How long a trace is kept after its newest spans came',
  },
  {
    name: 'forward',
    type: 'string',
    group: 'serve',
    placeholder: 'URL',
    help: 'Pass everything on to this receiver of OTLP over HTTP too: http://collector:4318',
  },
];
