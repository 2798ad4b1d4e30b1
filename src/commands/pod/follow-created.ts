import { escapeText } from '../../render/escape.ts';
import type { FollowFlags } from '../../cli/options/follow.ts';
import type { ExitCode } from '../../errors.ts';
import type { DiscoveryCache } from '../../kube/api/discovery-cache.ts';
import type { Exchange } from '../../kube/http/exchange.ts';
import { resolveNamedTypes } from '../../kube/api/discovery.ts';
import { isObject, parseJSON } from '../../kube/json.ts';
import type { Report } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import { apart } from '../../tracing/untraced.ts';
import { openChosen } from '../../tracing/backend/choose.ts';
import { finish, finishedReport, type Finished } from '../../tracing/finish.ts';
import { printWarnings } from '../../tracing/publish.ts';
import { openPodOutput, publishPods, rememberPods } from './output.ts';
import { PodReader } from './reader.ts';
import { showPods } from './show-pods.ts';
import { makesPods, podSubject, readSubject, type FoundSubject } from './subject.ts';

/**
 * `create -f --follow`, `apply -f --follow`: the request and what came of it in one picture. The pods are watched from
 * the answer on, while the request's trace is looked for. Without an object that makes pods it is a request as any other.
 */
export async function followCreated(
  finished: Finished & { readonly follow: FollowFlags },
  cache: DiscoveryCache,
  runtime: Runtime,
): Promise<ExitCode> {
  const { invocation, cluster, journal, choice, version, follow } = finished;
  const output = openPodOutput(invocation.draw, runtime);
  const reader = new PodReader(apart(cluster, runtime, runtime.interrupted), cluster.contextName);
  // The requests themselves have shown the cluster's time.
  for (const exchange of journal.exchanges) reader.clock.observe(exchange);
  const makers = journal.exchanges.filter((exchange) => journal.failureOf(exchange) === undefined && isMaker(exchange));
  const [first, ...others] = makers;
  const failed = journal.exchanges.some((exchange) => journal.failureOf(exchange) !== undefined);
  if (first === undefined || failed) {
    if (!failed) runtime.err.write('note: nothing that was sent makes pods, so that there is nothing to follow\n');
    return finish(finished, runtime);
  }
  const subject = await subjectOf(first, reader, cache);
  if (others.length > 0) {
    runtime.err.write(
      `note: only ${escapeText(`${subject.kind}/${subject.name}`)} is followed, the first of ${makers.length} that make pods\n`,
    );
  }
  printWarnings(journal.exchanges, runtime);
  const wanted = { wish: 'to-come' as const, clusterOf: async () => cluster };
  const opened = invocation.lookup.wait > 0 ? await openChosen(choice, wanted, runtime) : undefined;
  const backend = opened?.status === 'open' ? opened.backend : undefined;
  try {
    const request: Promise<Report> = finishedReport(finished, runtime);
    const { args, kind: verb } = invocation;
    const { startedAt } = journal;
    const { context } = invocation.connection;
    const task = {
      verb,
      args,
      version,
      cluster,
      context,
      startedAt,
      subject,
      reader,
      backend,
      follow,
      output,
      request,
    };
    const report = await showPods({ ...task, made: first }, runtime);
    await request;
    const exitCode = await publishPods(report, output, runtime);
    if (invocation.lookup.history) await rememberPods(report, runtime);
    return exitCode;
  } finally {
    if (opened?.status === 'open') await opened.close();
  }
}

const isMaker = ({ request: { resource, group } }: Exchange): boolean =>
  resource !== null && ((resource === 'pods' && group === '') || makesPods({ resource }));

async function subjectOf(exchange: Exchange, reader: PodReader, cache: DiscoveryCache): Promise<FoundSubject> {
  const { group, version, resource, namespace } = exchange.request;
  const object = parseJSON(exchange.body);
  const metadata = isObject(object) && isObject(object['metadata']) ? object['metadata'] : {};
  const name = String(metadata['name']);
  if (resource === 'pods') return podSubject(namespace ?? '', name);
  const typed = [resource, version, group].filter((part) => part !== null && part !== '').join('.');
  const [type] = await resolveNamedTypes([typed], { send: reader.send, cache });
  if (type === undefined) throw new Error(`no type was found for ${typed}`);
  return readSubject(type, namespace ?? '', name, reader);
}
