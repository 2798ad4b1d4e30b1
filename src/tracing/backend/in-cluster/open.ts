import { counted } from '../../../format/counted.ts';
import { shellWord } from '../../../format/shell-command.ts';
import type { BackendSpec, TraceBackend } from '../../../backend/backend.ts';
import { BackendNotReached } from '../../../backend/http/not-reached.ts';
import { probe } from '../../../backend/detect/probe.ts';
import { openBackend, openKnownBackend, type BackendOptions } from '../../../backend/registry.ts';
import type { Via } from '../../../backend-access.ts';
import { ExitCode, UsageError } from '../../../errors.ts';
import { parseProxyURL } from '../../../kube/api/service-proxy.ts';
import type { ErrorReport } from '../../../report/report.ts';
import type { BackendChoice } from '../choice.ts';
import { mayPassThrough } from './cluster-fetch.ts';
import { findBackend, optionsFor, wantsCredentials, type Failure, type NotFound } from './find.ts';
import { pinnedURL } from './pinned.ts';
import { LIST_RBAC } from './rbac.ts';
import { NOT_READY, openRoute, type ClusterContext, type Route } from './reach.ts';
import { recallBackend, rememberBackend } from './remembered.ts';
import { programName } from '../../../format/program-name.ts';

/** A backend in the cluster with the way to it, or why there is none. */
export type OpenedInCluster =
  | { readonly status: 'open'; readonly backend: TraceBackend; close(): Promise<void> }
  | { readonly status: 'none'; readonly error: ErrorReport };

/**
 * The backend of the cluster: the one that its address names, or one that was found before and still responds, or one
 * that is found now and remembered. `journey.access` is the user's access options for the backend.
 */
export async function openInCluster(choice: BackendChoice, context: ClusterContext): Promise<OpenedInCluster> {
  const routes = routesOf(choice);
  const { cluster, runtime } = context;
  if (choice.spec !== undefined) {
    return openNamed(choice.spec, routes[0], context).catch((error: unknown) => ({
      status: 'none',
      error: notReached(error),
    }));
  }
  const remembered = choice.again ? undefined : await recallBackend(cluster, runtime);
  if (
    remembered !== undefined &&
    (choice.via ?? remembered.via) === remembered.via &&
    routes.includes(remembered.via)
  ) {
    const again = await openAgain(remembered, remembered.via, context);
    if (again !== undefined) return again;
  }
  const found = await findBackend(routes, context);
  if (found.status === 'none') return { status: 'none', error: noBackend(found) };
  const { kind, url, route } = found;
  await rememberBackend({ kind, url, via: route.via }, cluster, runtime);
  return opened(openBackend({ kind, url }, optionsOf(route, context)), route);
}

/** The API server would see what is given for the backend, and takes `Authorization` for its own. */
function routesOf({ via, access }: BackendChoice): readonly [Via, ...Via[]] {
  const maySee = mayPassThrough(access?.headers ?? {});
  if (via === 'proxy' && !maySee) {
    throw new UsageError('CredentialsByProxy', 'credentials for the trace backend do not go through the API server', {
      hint: 'they reach the backend with --via port-forward; only a tenant is forwarded',
    });
  }
  if (via !== undefined) return [via];
  return maySee ? ['proxy', 'port-forward'] : ['port-forward'];
}

async function openNamed(given: BackendSpec, via: Via, context: ClusterContext): Promise<OpenedInCluster> {
  const { service, kind } = given;
  const spec = service === undefined ? given : { kind, url: await pinnedURL(service, kind, context) };
  const { address } = parseProxyURL(spec.url)!;
  const route = await openRoute(via, address, context);
  const backend = await openKnownBackend(spec, optionsOf(route, context), context.runtime.interrupted);
  return opened(backend, route);
}

/** Rejects with every other error. */
function notReached(error: unknown): ErrorReport {
  if (!(error instanceof BackendNotReached)) throw error;
  const { failure } = error;
  const { message } = failure;
  if (failure.status === 'unavailable')
    return { code: ExitCode.backendFailed, reason: 'BackendUnavailable', message, hint: null };
  return { code: ExitCode.backendFailed, reason: failure.reason, message, hint: failure.hint ?? null };
}

/** Undefined when it does not respond as before. */
async function openAgain(
  { kind, url }: { readonly kind: NonNullable<BackendSpec['kind']>; readonly url: string },
  via: Via,
  context: ClusterContext,
): Promise<OpenedInCluster | undefined> {
  const named = parseProxyURL(url);
  if (named === undefined) return undefined;
  const route = await openRoute(via, named.address, context).catch(() => undefined);
  if (route === undefined) return undefined;
  const options = { optionsOf: optionsFor(route, context), kinds: [kind] };
  const result = await probe(url, options, context.runtime.interrupted);
  if (result.status === 'recognised') return opened(openBackend({ kind, url }, optionsOf(route, context)), route);
  await route.close();
  return undefined;
}

const opened = (backend: TraceBackend, route: Route): OpenedInCluster => ({
  status: 'open',
  backend,
  close: () => route.close(),
});

function optionsOf(route: Route, context: ClusterContext): BackendOptions {
  const { access, runtime, largestBody } = context;
  const headers = route.via === 'proxy' ? {} : (access?.headers ?? {});
  const tenant = access?.tenant;
  return {
    fetch: route.fetch,
    random: runtime.random,
    clock: runtime.clock,
    headers,
    ...(largestBody !== undefined && { largestBody }),
    ...(tenant !== undefined && { tenant }),
  };
}

const isNotReady = (failure: Failure): failure is Extract<Failure, { readonly status: 'failed' }> =>
  failure.status === 'failed' && failure.reason === NOT_READY;

function noBackend({ services, refusals, ambiguous }: NotFound): ErrorReport {
  const base = {
    code: ExitCode.backendFailed,
    message: 'no trace backend is configured, and none was found in the cluster',
  } as const;
  const give = `give --backend URL or set KUBECTL_TRACE_BACKEND; ${programName()} serve provides one`;
  if (services === null) {
    return { ...base, reason: 'NoBackend', hint: `${give}; ${LIST_RBAC}` };
  }
  if (ambiguous.length > 0) {
    const details = ambiguous.map(({ kind, url }) => `  --backend ${shellWord(`${kind}=${url}`)}`);
    const message = `${counted(ambiguous.length, 'trace backend')} respond in the cluster, and none has spans of the API server`;
    return { ...base, reason: 'AmbiguousBackend', message, hint: 'choose one of them', details };
  }
  if (refusals.length === 0) {
    const count = counted(services, 'Service');
    const details = [`  this user may list ${count}, and none looks like a trace backend by name, labels and ports`];
    return { ...base, reason: 'NoBackend', hint: give, details };
  }
  const details = refusals.map(
    ({ candidate: { namespace, name, port }, failure }) =>
      `  ${name} in ${namespace}, port ${port}: ${failure.message}`,
  );
  const closed = refusals.find(({ failure }) => wantsCredentials(failure))?.candidate;
  if (closed !== undefined) {
    const service = `${closed.namespace}/${closed.name}:${closed.port}`;
    const hint = `name it: --backend ${shellWord(service)}, with --backend-token-file, --backend-username or --backend-header`;
    return { ...base, reason: 'NoBackend', hint, details };
  }
  const unready = refusals.map(({ failure }) => failure).find((failure) => isNotReady(failure));
  if (unready !== undefined) {
    const { message, hint = null } = unready;
    return { code: ExitCode.backendFailed, reason: NOT_READY, message, hint, ...(refusals.length > 1 && { details }) };
  }
  const hints = refusals.flatMap(({ failure }) => (failure.status === 'failed' ? (failure.hint ?? []) : []));
  return { ...base, reason: 'NoBackend', hint: hints[0] ?? give, details };
}
