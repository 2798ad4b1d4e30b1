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
  const show = shower(invocation, sending);
  if (target.kind === 'lists') {
    const [type] = await resolveListTypes(target.types, source);
    if (type === undefined) return;
    const before = recorder.exchanges.length;
    const list = await sendList(listRequest(type, options), type, sending);
    if (list.status !== 200) return;
    const onMore = show(type, recorder.exchanges.slice(before));
    const since = listMetadata(list.body, 'resourceVersion') ?? '';
    const streamEnd: StreamEnd = { lines: end.events, nanos: end.duration, onMore };
    checkEvents(await recorder.send(watchListRequest(type, options, since, streamEnd), { type }));
  } else if (target.kind === 'objects') {
    const [{ type: typed, name } = { type: '', name: '' }] = target.names;
    const [type] = await resolveNamedTypes([typed], source);
    if (type === undefined) return;
    const object = await recorder.send(objectRequest(type, name, options), { type, ignoreNotFound });
    if (object.status !== 200) return;
    const lines = end.events === undefined ? undefined : end.events + 1;
    const streamEnd: StreamEnd = { lines, nanos: end.duration, onMore: show(type, [object]) };
    checkEvents(await recorder.send(watchObjectRequest(type, name, options, streamEnd), { type }));
  }
}

type Show = (type: ResourceType, before: readonly Exchange[]) => ((chunk: Uint8Array) => void) | undefined;

/** Prints the existing objects, then each change as it comes: for the screen, not for a document. */
function shower(invocation: GetInvocation, { recorder, runtime }: Sending): Show {
  const { draw, target, allNamespaces } = invocation;
  const { responseFormat } = draw;
  if (responseFormat === undefined || isInDocument(draw)) return () => undefined;
  const { clock, out, outTerminal } = runtime;
  const printer = new WatchPrinter({
    form: responseFormat,
    allNamespaces,
    isOfObject: target.kind === 'objects',
    clock,
  });
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
    return (chunk) => write(printer.more(chunk));
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
