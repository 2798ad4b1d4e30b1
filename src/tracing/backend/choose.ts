import type { BackendAccess } from '../../backend/access/access.ts';
import type { BackendSpec, TraceBackend } from '../../backend/backend.ts';
import { KINDS } from '../../backend/kinds.ts';
import { parseBackendSpec } from '../../backend/spec.ts';
import { credentialsIn, withoutCredentials, type BackendAccessFlags } from '../../backend-access.ts';
import { UsageError } from '../../errors.ts';
import type { LookupFlags } from '../../cli/options/lookup.ts';
import type { Cluster } from '../../kube/http/exchange.ts';
import { parseProxyURL } from '../../kube/api/service-proxy.ts';
import type { Runtime } from '../../runtime.ts';
import { nanosFromMillis, type Nanos } from '../../trace/time.ts';
import type { BackendChoice, OpenedBackend, OpenBackend } from './choice.ts';
import { storedTraces, runningServe } from './local.ts';

/**
 * Backend settings from flags and environment, checked before anything is sent. `pasted` is the address of a trace's
 * page, which comes before `--backend`. Rejects with a UsageError.
 */
export async function chooseBackend(flags: LookupFlags, runtime: Runtime, pasted?: string): Promise<BackendChoice> {
  const again = flags.backend?.trim().toLowerCase() === 'auto';
  const configured = flags.backend === undefined || again ? undefined : parseBackendSpec(flags.backend);
  const spec = pasted === undefined ? configured : parseBackendSpec(pasted);
  const { access: given, via } = flags;
  const choice = { spec, again, via };
  if (given === undefined) return { ...choice, access: undefined };
  for (const flag of given.literalSecrets) {
    runtime.err.write(
      `Warning: the value of ${flag} can be read by other users of this machine, and the shell stores it in its history; use @FILE or '$VARIABLE' instead\n`,
    );
  }
  if (spec === undefined) return { ...choice, ...(await anonymous(given, runtime)) };
  // The environment says nothing of an address that was pasted, unless that is where the configured backend is.
  const elsewhere = pasted !== undefined && (configured === undefined || originOf(configured) !== originOf(spec));
  return { ...choice, access: await read(elsewhere ? onlyExplicit(given) : given, runtime) };
}

async function read(given: BackendAccessFlags | undefined, runtime: Runtime): Promise<BackendAccess | undefined> {
  if (given === undefined) return undefined;
  const { readAccess } = await import('../../backend/access/access.ts');
  return readAccess(given, runtime);
}

/** Whatever is found in the cluster may belong to anybody there: credentials are for a backend that is named. */
async function anonymous(
  given: BackendAccessFlags,
  runtime: Runtime,
): Promise<Pick<BackendChoice, 'access' | 'withheld'>> {
  const credentials = credentialsIn(given);
  if (credentials.some((key) => given.explicit.includes(key))) {
    throw new UsageError(
      'BackendRequired',
      'credentials for the trace backend are sent only to a backend that is named',
      {
        hint: 'name it with --backend URL, or --backend NAMESPACE/NAME for a Service of the cluster',
      },
    );
  }
  const access = await read(withoutCredentials(given), runtime);
  return credentials.length === 0 ? { access } : { access, withheld: true };
}

const WITHHELD =
  'note: credentials for the trace backend are not sent to a Service that was discovered: name it with --backend NAMESPACE/NAME\n';

function onlyExplicit(given: BackendAccessFlags): BackendAccessFlags | undefined {
  const { explicit, literalSecrets } = given;
  if (explicit.length === 0) return undefined;
  return { ...Object.fromEntries(explicit.map((key) => [key, given[key]])), explicit, literalSecrets };
}

/** The origin of an address; below the API server's service proxy each Service has its own. */
function originOf({ url, service }: BackendSpec): string | undefined {
  const proxied = parseProxyURL(url);
  if (proxied !== undefined) return `${proxied.server} ${JSON.stringify(proxied.address)}`;
  return service === undefined && URL.canParse(url) ? new URL(url).origin : undefined;
}

/** Purpose of the backend, and where to find one that the user has not named. */
export interface BackendPurpose {
  /** Spans that are still to come, which only a running serve receives, or stored ones. */
  readonly purpose: 'arriving' | 'stored';
  /** Opens the cluster, for a backend that is in it; undefined without a cluster. */
  readonly clusterOf: () => Promise<Cluster | undefined>;
  /** Most bytes of one response; without it the bound of response-bounds.ts. */
  readonly largestBody?: number;
}

/**
 * Opens the backend that is named; else a running `kubectl trace serve`, the backend of the cluster, or the traces that
 * a serve has stored. Its kind is known by now if it responds.
 */
export async function openChosen(
  choice: BackendChoice,
  wanted: BackendPurpose,
  runtime: Runtime,
): Promise<OpenedBackend> {
  const { spec, access, again } = choice;
  const byName = spec?.kind === 'local' && spec.url === '';
  const serve = byName || (spec === undefined && !again) ? await runningServe(runtime) : undefined;
  if (serve !== undefined) return openNamed(serve, undefined, wanted, runtime);
  if (byName) return openStored(runtime);
  const isInside = spec === undefined || spec.service !== undefined || parseProxyURL(spec.url) !== undefined;
  const cluster = isInside ? await wanted.clusterOf() : undefined;
  if (spec?.service !== undefined && cluster === undefined) {
    throw new UsageError('NoCluster', 'a trace backend NAMESPACE/NAME needs a cluster, and none is configured');
  }
  // The service proxy of another server, or kubectl proxy, is an address like any other.
  const isElsewhere =
    spec?.service === undefined && !(cluster !== undefined && spec?.url.startsWith(`${cluster.server}/`));
  if (spec !== undefined && isElsewhere) {
    return openNamed(spec, access, wanted, runtime);
  }
  let none: OpenedBackend = { status: 'none', error: null };
  if (cluster !== undefined) {
    if (spec === undefined && choice.withheld === true) runtime.err.write(WITHHELD);
    const { openInCluster } = await import('./in-cluster/open.ts');
    const { largestBody } = wanted;
    const opened = await openInCluster(choice, { cluster, access, runtime, largestBody });
    if (opened.status === 'open') return opened;
    none = opened;
  }
  if (wanted.purpose === 'arriving') return none;
  const stored = await openStored(runtime);
  return stored.status === 'open' ? stored : none;
}

async function openNamed(
  spec: BackendSpec,
  access: BackendAccess | undefined,
  { largestBody }: BackendPurpose,
  runtime: Runtime,
): Promise<OpenedBackend> {
  const { fetch, random, clock, interrupted } = runtime;
  const { openKnownBackend } = await import('../../backend/registry.ts');
  const options = { fetch, random, clock, ...access, ...(largestBody !== undefined && { largestBody }) };
  const backend = await openKnownBackend(spec, options, interrupted);
  const untried = spec.kind !== undefined || backend.kind === 'unknown';
  return { status: 'open', backend, ...(untried && { untried }), close: async () => {} };
}

async function openStored(runtime: Runtime): Promise<OpenedBackend> {
  const backend = await storedTraces(runtime);
  return backend === undefined ? { status: 'none', error: null } : { status: 'open', backend, close: async () => {} };
}

/**
 * --wait, or the default of the backend's kind.
 */
export function waitIn({ kind }: TraceBackend, { wait, waitIsDefault }: LookupFlags): Nanos {
  const own = kind === 'unknown' ? undefined : KINDS[kind].waitMillis;
  return waitIsDefault && own !== undefined ? nanosFromMillis(Math.max(own, wait / 1e6)) : wait;
}

/** A port-forward, or a backend beside this command, may be up a moment later. */
const CONNECT_MILLIS = 1000;

/**
 * For how long it is tried to connect to a backend that has never responded; undefined for as long as is waited. An
 * address that is wrong stays wrong, and only --wait on the command line says that the backend is still to come.
 */
export function connectMillisIn(
  { untried }: Pick<OpenBackend, 'untried'>,
  { waitIsExplicit }: LookupFlags,
): number | undefined {
  return untried === true && !waitIsExplicit ? CONNECT_MILLIS : undefined;
}

/** For how long a backend that shows things late has been quiet about what it had by then. */
export function quietMillisIn({ kind }: TraceBackend, quietMillis: number): number {
  return kind === 'unknown' ? quietMillis : Math.max(0, quietMillis - KINDS[kind].lagMillis);
}
