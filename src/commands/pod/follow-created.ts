import { counted } from '../../format/counted.ts';
import { escapeText } from '../../render/escape.ts';
import type { FollowFlags } from '../../cli/options/follow.ts';
import type { ExitCode } from '../../errors.ts';
import type { DiscoveryCache } from '../../kube/api/discovery-cache.ts';
import type { Exchange } from '../../kube/http/exchange.ts';
import { resolveNamedTypes } from '../../kube/api/discovery.ts';
import { isObject, parseJSON } from '../../kube/json.ts';
import type { Report } from '../../report/report.ts';
import { sendUntraced } from '../../tracing/untraced.ts';
import { openChosen } from '../../tracing/backend/choose.ts';
import { printWarnings } from '../../tracing/errors.ts';
import type { RequestRecorder } from '../../tracing/recorder.ts';
import type { SentRequests } from '../../tracing/sent-requests.ts';
import type { Session } from '../../tracing/session.ts';
import { openPodOutput, publishPods, rememberPods } from './output.ts';
import { PodReader } from './reader.ts';
import { showPods } from './show-pods.ts';
import { makesPods, podSubject, readSubject, type FoundSubject } from './subject.ts';

/** Requests whose objects are followed, and the objects in their responses. */
export interface Followed extends SentRequests {
  readonly recorder: Pick<RequestRecorder, 'exchanges' | 'failureOf' | 'startedAt'>;
  readonly cache: DiscoveryCache;
}

/**
 * `create -f --follow`, `apply -f --follow`: the request and what came of it in one picture. The pods are watched from
 * the response on, while the request's trace is looked up. Resolves with the exit code; undefined without an object that
 * makes pods: then there is nothing to follow, and the request is shown like any other.
 */
export async function followCreated(
  session: Session,
  sent: Followed,
  follow: FollowFlags,
): Promise<ExitCode | undefined> {
  const { invocation, choice, version, runtime } = session;
  const { recorder, cluster, cache } = sent;
  const output = openPodOutput(invocation.draw, runtime);
  const reader = new PodReader(sendUntraced(cluster, runtime, runtime.interrupted), cluster.contextName);
  // The requests themselves have shown the cluster's time.
  for (const exchange of recorder.exchanges) reader.clock.observe(exchange);
  if (recorder.exchanges.some((exchange) => recorder.failureOf(exchange) !== undefined)) return undefined;
  const makers = recorder.exchanges.filter(isMaker);
  const [first, ...others] = makers;
  if (first === undefined) {
    runtime.err.write('note: no object that was sent creates pods, so there is nothing to follow\n');
    return undefined;
  }
  const subject = await subjectOf(first, reader, cache);
  if (others.length > 0) {
    runtime.err.write(
      `note: only ${escapeText(`${subject.kind}/${subject.name}`)} is followed, the first of ${counted(makers.length, 'object')} that create pods\n`,
    );
  }
  printWarnings(recorder.exchanges, runtime);
  const wanted = { purpose: 'arriving' as const, clusterOf: async () => cluster };
  const opened = invocation.lookup.wait > 0 ? await openChosen(choice, wanted, runtime) : undefined;
  const backend = opened?.status === 'open' ? opened.backend : undefined;
  try {
    const request: Promise<Report> = session.buildReport(sent, { isQuiet: runtime.outTerminal.isTTY });
    const { args, kind: verb } = invocation;
    const { startedAt } = recorder;
    const task = {
      verb,
      args,
      version,
      cluster,
      startedAt,
      subject,
      reader,
      backend,
      follow,
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
  if (type === undefined) throw new Error(`no resource type was found for ${typed}`);
  return readSubject(type, namespace ?? '', name, reader);
}
