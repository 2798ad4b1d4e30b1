import { counted } from '../../format/counted.ts';
import type { Span } from '../../trace/span.ts';
import { numberAttribute, textAttribute } from '../attributes.ts';
import { timeUntil } from '../events.ts';
import type { Label } from '../rows/row-node.ts';
import { formatBytes } from '../wording/bytes.ts';
import { formatDuration } from '../wording/duration.ts';

/** A span of the API server's own work; undefined where its name says it all. */
export function apiserverWork(span: Span): Label | undefined {
  const { name } = span;
  switch (name) {
    case 'Get':
    case 'List':
    case 'WatchList':
    case 'Create':
    case 'Update':
    case 'Patch':
    case 'Delete':
      return handler(span);
    case 'SerializeObject':
      return serialization(span);
    case 'Call mutating webhook':
    case 'Call validating webhook':
      return webhookCall(span);
    case 'cacher.Get':
    case 'cacher.GetList':
    case 'cacher.Watch':
      return cacheRead(span);
    default:
      return name.endsWith(' etcd3') ? storage(span) : undefined;
  }
}

function handler({ attributes, name }: Span): Label {
  const resource = textAttribute(attributes, 'resource');
  if (resource === undefined) return [name];
  const subresource = textAttribute(attributes, 'subresource');
  return [`${name} ${subresource === undefined ? resource : `${resource}/${subresource}`}`, name];
}

/** Encoding the response and writing it to the connection, with format and size. A list may be written in pieces. */
function serialization(span: Span): Label {
  const type = textAttribute(span.attributes, 'mediaType')?.split(';')[0]?.split(/[/.]/).at(-1);
  const format = type === 'json' || type === 'yaml' ? type.toUpperCase() : type;
  const written = span.events.findLast(({ name }) => name === 'Write call succeeded');
  const size = written === undefined ? undefined : numberAttribute(written.attributes, 'size');
  const words = size === undefined ? [] : [formatBytes(size)];
  const full = [span.name, ...(format === undefined ? [] : [format]), ...words].join(' ');
  return [full, [span.name, ...words].join(' '), span.name];
}

function webhookCall({ attributes, name }: Span): Label {
  const webhook = textAttribute(attributes, 'webhook');
  const kind = name.includes('mutating') ? 'mutating' : 'validating';
  return webhook === undefined ? [name] : [`${webhook}, ${kind}`, webhook];
}

/** A consistent read waits until the watch cache has caught up with etcd. */
function cacheRead(span: Span): Label {
  const wait = timeUntil(span, 'watchCache fresh enough');
  if (wait === undefined || wait * 10 < Number(span.end - span.start)) return [span.name];
  return [`${span.name} (${formatDuration(wait)} wait for cache)`, span.name];
}

/** The storage layer, with the key as it is below /registry; an update whose object had changed meanwhile tries again. */
function storage({ attributes, events, name }: Span): Label {
  const key = textAttribute(attributes, 'key');
  const retries = events.filter((event) => event.name === 'Retry value restored').length;
  const tries = retries === 0 ? name : `${name} (${counted(retries, 'conflict')})`;
  const short: Label = retries === 0 ? [name] : [tries, name];
  return key === undefined ? short : [tries.replace(name, `${name} ${key}`), ...short];
}
