import type { GetInvocation, WatchEnd } from './arguments.ts';
import { ExitCode, TraceCommandError } from '../../errors.ts';
import { resolveListTypes, resolveNamedTypes } from '../../kube/api/discovery.ts';
import type { Exchange, StreamEnd } from '../../kube/http/exchange.ts';
import {
  listRequest,
  objectRequest,
  watchListRequest,
  watchObjectRequest,
  type ListOptions,
} from '../../kube/api/get-request.ts';
import { textOf } from '../../kube/json.ts';
import { WatchPrinter } from '../../kube/print/watch-printer.ts';
import { listMetadata } from '../../kube/api/request.ts';
import type { ResourceType } from '../../kube/api/resource-type.ts';
import { readEvents } from '../../kube/api/watch-events.ts';
import { isInDocument } from '../../tracing/output.ts';
import { sendList } from './list.ts';
import { watchProgress, type WatchProgress } from './watch-progress.ts';
import { terminalText } from '../../render/escape.ts';
import type { Sending } from '../../tracing/session.ts';

/**
 * `get -w`: first what there is, then its changes (kubectl pkg/cmd/get/get.go, watch). One object is watched from any
 * version on, so that its first event is the object itself, which kubectl does not count or show again.
 */
export async function sendWatch(
  invocation: GetInvocation,
  end: WatchEnd,
  options: ListOptions,
  sending: Sending,
): Promise<void> {
  const { target, ignoreNotFound } = invocation;
  const { recorder, types: source } = sending;
  const show = shower(invocation, end, sending);
  if (target.kind === 'lists') {
    const [type] = await resolveListTypes(target.types, source);
    if (type === undefined) return;
    const before = recorder.exchanges.length;
    const list = await sendList(listRequest(type, options), type, sending);
    if (list.status !== 200) return;
    const view = show(type, recorder.exchanges.slice(before));
    const since = listMetadata(list.body, 'resourceVersion') ?? '';
    const streamEnd: StreamEnd = { lines: end.events, nanos: end.duration, onMore: view.more };
    const sent = recorder.send(watchListRequest(type, options, since, streamEnd), { type });
    checkEvents(await sent.finally(view.stop));
  } else if (target.kind === 'objects') {
    const [{ type: typed, name } = { type: '', name: '' }] = target.names;
    const [type] = await resolveNamedTypes([typed], source);
    if (type === undefined) return;
    const object = await recorder.send(objectRequest(type, name, options), { type, ignoreNotFound });
    if (object.status !== 200) return;
    const lines = end.events === undefined ? undefined : end.events + 1;
    const view = show(type, [object]);
    const streamEnd: StreamEnd = { lines, nanos: end.duration, onMore: view.more };
    const sent = recorder.send(watchObjectRequest(type, name, options, streamEnd), { type });
    checkEvents(await sent.finally(view.stop));
  }
}

/** Takes what arrives; called with the existing objects when the watch begins. */
type Show = (type: ResourceType, before: readonly Exchange[]) => WatchProgress;

/**
 * Prints the existing objects, then each change as it comes. Where the response is not printed, or is in a document, a
 * terminal gets a line about the progress.
 */
function shower(invocation: GetInvocation, end: WatchEnd, { recorder, runtime }: Sending): Show {
  const { draw, target, allNamespaces } = invocation;
  const { responseFormat } = draw;
  const isOfObject = target.kind === 'objects';
  if (responseFormat === undefined || isInDocument(draw)) {
    const [{ name } = { name: '' }] = isOfObject ? target.names : [];
    return ({ resource }) =>
      watchProgress({ name: name === '' ? resource : `${resource}/${name}`, end, isOfObject }, runtime);
  }
  const { clock, out, outTerminal } = runtime;
  const printer = new WatchPrinter({ form: responseFormat, allNamespaces, isOfObject, clock });
  const write = (text: string): void => {
    recorder.hasPrinted ||= text !== '';
    out.write(terminalText(text, outTerminal));
  };
  return (type, before) => {
    write(
      printer.before(
        type,
        before.map(({ body }) => body),
      ),
    );
    return { more: (chunk) => write(printer.more(chunk)), stop: () => undefined };
  };
}

/** The server says in the stream itself why it ends a watch. */
function checkEvents({ body }: Exchange): void {
  const error = readEvents(body).find(({ type }) => type === 'ERROR');
  if (error === undefined) return;
  const { reason, message } = error.object;
  throw new TraceCommandError(
    ExitCode.requestFailed,
    textOf(reason) || 'WatchFailed',
    `the watch ended: ${textOf(message)}`,
  );
}
