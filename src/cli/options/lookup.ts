import type { BackendAccessFlags, Via } from '../../backend-access.ts';
import type { Nanos } from '../../trace/time.ts';
import type { FlagValues } from '../values.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { backendAccess } from './backend.ts';
import type { Flag } from '../flag.ts';
import { programName } from '../../format/program-name.ts';

/** How the trace is looked for. */
export const LOOKUP_FLAGS: readonly Flag[] = [
  {
    name: 'backend',
    type: 'string',
    group: 'lookup',
    placeholder: '[KIND=]URL|NAMESPACE/NAME',
    get help() {
      return `Trace backend that the cluster exports to, such as http://localhost:16686, tempo=http://localhost:3200 or the Service observability/jaeger-query; "auto" searches the cluster again, "local" is ${programName()} serve`;
    },
  },
  {
    name: 'wait',
    type: 'duration',
    group: 'lookup',
    placeholder: 'DURATION',
    default: '30s',
    help: 'The length of time to look for the trace after the response; 0 disables the lookup',
  },
  {
    name: 'metrics',
    type: 'choice',
    group: 'lookup',
    placeholder: 'MODE',
    choices: ['auto', 'off', 'delta'],
    default: 'auto',
    help: "Read the API server's metrics after the response, which show the stages of a request also where nothing is traced; delta reads them before the request as well, to show etcd; off does not read them",
  },
  {
    name: 'require-complete',
    type: 'boolean',
    group: 'lookup',
    help: 'Exit with status 4 unless every expected span of the request is found',
  },
  {
    name: 'no-history',
    type: 'boolean',
    group: 'lookup',
    get help() {
      return `Do not store the trace for "${programName()} show last", and do not show a stored one by its ID`;
    },
  },
  {
    name: 'tracer-user',
    type: 'string',
    group: 'lookup',
    placeholder: 'NAME',
    help: 'Kubeconfig user in system:monitoring to authenticate as, impersonating the current user, so that the server accepts the trace ID',
  },
];

/** How the trace is looked for, whatever the command. */
export interface LookupFlags {
  /** `--backend`, as given: `http://…`, `jaeger=http://…` or `auto`. Undefined: the one of the cluster. */
  readonly backend?: string;
  /** True when --backend was on the command line: a stored command does not take its place. */
  readonly backendIsExplicit: boolean;
  /** Undefined: the backend is queried without credentials. */
  readonly access?: BackendAccessFlags;
  /** How a backend in the cluster is reached; undefined: by whatever works. */
  readonly via?: Via;
  /** How long to look for the trace after the response; 0 does not look. */
  readonly wait: Nanos;
  /** True when --wait was on the command line: it overrides every reason to stop early. */
  readonly waitIsExplicit: boolean;
  /** Neither the command line nor the environment says how long: some backends need longer than others. */
  readonly waitIsDefault: boolean;
  /** Whether the API server's metrics are read as well. */
  readonly metrics: 'auto' | 'off' | 'delta';
  /** True when --metrics was on the command line: the right to read them is checked again. */
  readonly metricsIsExplicit: boolean;
  readonly requireComplete: boolean;
  readonly tracerUser?: string;
  /** Keep the command for `show last`. */
  readonly history: boolean;
}

/** How the trace is looked for, by these flags and those of its backend. */
export function lookupFlags(values: FlagValues): LookupFlags {
  return withoutUndefined({
    backend: values.filledString('backend'),
    backendIsExplicit: values.isGiven('backend'),
    access: backendAccess(values),
    via: values.isSet('via') ? values.choice<Via>('via') : undefined,
    wait: values.duration('wait'),
    waitIsExplicit: values.isGiven('wait'),
    waitIsDefault: !values.isSet('wait'),
    metrics: values.choice<LookupFlags['metrics']>('metrics'),
    metricsIsExplicit: values.isGiven('metrics'),
    requireComplete: values.boolean('require-complete') ?? false,
    tracerUser: values.string('tracer-user'),
    history: values.boolean('no-history') !== true,
  });
}
