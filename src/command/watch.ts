import type { GetTarget, WatchEnd } from '../cli/invocation.ts';
import { ExitCode, TraceCommandError } from '../errors.ts';
import { resolveListTypes, resolveNamedTypes } from '../kube/discovery.ts';
import {
  listRequest,
  objectRequest,
  watchListRequest,
  watchObjectRequest,
  type ListOptions,
} from '../kube/get-request.ts';
import { listMetadata } from '../kube/request.ts';
import type { Exchange } from '../kube/exchange.ts';
import { textOf } from '../kube/json.ts';
import { readEvents } from '../kube/print/watch-answer.ts';
import { sendList } from './get.ts';
import type { Sending } from './trace-requests.ts';

/** A watch of a list or of one object. */
export interface Watch {
  readonly target: GetTarget;
  readonly end: WatchEnd;
  readonly options: ListOptions;
  readonly ignoreNotFound: boolean;
}

/**
 * `get -w`: first what there is, then its changes (kubectl pkg/cmd/get/get.go, watch). One object is watched from any
 * version on, so that its first event is the object itself, which kubectl does not count or show again.
 */
export async function sendWatch({ target, end, options, ignoreNotFound }: Watch, sending: Sending): Promise<void> {
  const { journal, cache } = sending;
  const source = { send: journal.send, cache };
  const nanos = end.duration;
  if (target.kind === 'lists') {
    const [type] = await resolveListTypes(target.types, source);
    if (type === undefined) return;
    const list = await sendList(listRequest(type, options), type, sending);
    if (list.status !== 200) return;
    const since = listMetadata(list.body, 'resourceVersion') ?? '';
    const watch = await journal.send(watchListRequest(type, options, since, { lines: end.events, nanos }), { type });
    checkEvents(watch);
  } else if (target.kind === 'objects') {
    const [{ type: typed, name } = { type: '', name: '' }] = target.names;
    const [type] = await resolveNamedTypes([typed], source);
    if (type === undefined) return;
    const object = await journal.send(objectRequest(type, name, options), { type, ignoreNotFound });
    if (object.status !== 200) return;
    const lines = end.events === undefined ? undefined : end.events + 1;
    checkEvents(await journal.send(watchObjectRequest(type, name, options, { lines, nanos }), { type }));
  }
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
