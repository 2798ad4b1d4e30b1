import { SHORT_LABEL_ATTRIBUTE } from '../../analysis/kubernetes/label.ts';
import type { AttributeValue, Attributes, Resource, Span } from '../../trace/span.ts';
import type { PlacedSpan, Trace } from '../../trace/trace.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { isKnownService } from './vocabulary.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type RedactedSpan = Mutable<Omit<PlacedSpan, 'children' | 'parent'>> & {
  parent: RedactedSpan | undefined;
  children: RedactedSpan[];
};

/** The same tree of spans without identifying names. Linear, and iterative. */
export function redactTrace(trace: Trace, pseudonyms: Pseudonyms): Trace {
  const resources = new Map<Resource, Resource>();
  const redacted = new Map<PlacedSpan, RedactedSpan>();
  // Parents come before their children, and children in their order.
  for (const placed of trace.spans) {
    const parent = placed.parent === undefined ? undefined : redacted.get(placed.parent);
    const span = redactSpan(placed.span, pseudonyms, resources);
    const clock = placed.clock && { ...placed.clock, offset: redactOffset(placed.clock.offset, pseudonyms) };
    const copy: RedactedSpan = { ...placed, span, clock, parent, children: [] };
    redacted.set(placed, copy);
    parent?.children.push(copy);
  }
  const spans = [...redacted.values()];
  const notes = trace.notes.map((note) =>
    note.clock === undefined ? note : { ...note, clock: redactOffset(note.clock, pseudonyms) },
  );
  const services = new Set([...trace.services].map((service) => serviceName(service, pseudonyms)));
  return { ...trace, root: redacted.get(trace.root) as RedactedSpan, services, spans, notes };
}

function redactSpan(span: Span, pseudonyms: Pseudonyms, resources: Map<Resource, Resource>): Span {
  const attributes = (all: Attributes): Attributes => redactAttributes(all, pseudonyms);
  let resource = resources.get(span.resource);
  if (resource === undefined) {
    resource = {
      service: serviceName(span.resource.service, pseudonyms),
      attributes: attributes(span.resource.attributes),
    };
    resources.set(span.resource, resource);
  }
  const { message } = span.status;
  return {
    ...span,
    name: spanName(span, pseudonyms),
    status: message === undefined ? span.status : { ...span.status, message: pseudonyms.text(message) },
    attributes: attributes(span.attributes),
    events: span.events.map((event) => ({
      ...event,
      name: pseudonyms.text(event.name),
      attributes: attributes(event.attributes),
    })),
    links: span.links.map((link) => ({ ...link, attributes: attributes(link.attributes) })),
    resource,
  };
}

/** The root of ours is the command line; others name what a program does. */
function spanName({ name, kind, parentSpanID, resource }: Span, pseudonyms: Pseudonyms): string {
  const isCommand = resource.service === 'kubectl-trace' && kind === 'internal' && parentSpanID === undefined;
  if (!isCommand) return pseudonyms.text(name);
  const [, own = '', command = ''] = /^(kubectl (?:trace )?)?(.*)$/s.exec(name) ?? [];
  const words = command.split(' ').map((word) => pseudonyms.argument(word));
  return own + words.join(' ');
}

const serviceName = (service: string, pseudonyms: Pseudonyms): string =>
  isKnownService(service) ? service : pseudonyms.name(service);

/** Clocks are named by their services. */
function redactOffset<T extends { readonly service: string; readonly caller: string }>(
  offset: T,
  pseudonyms: Pseudonyms,
): T {
  return {
    ...offset,
    service: serviceName(offset.service, pseudonyms),
    caller: serviceName(offset.caller, pseudonyms),
  };
}

/** Attributes whose values are words of a protocol or of a program. */
const PLAIN =
  /^(http\.(request\.)?method|http\.(response\.)?status_code|http\.(scheme|flavor)|network\.(protocol\.\w+|transport)|net\.transport|url\.scheme|rpc\.(system(\.name)?|service|method|grpc\.status_code|response\.status_code)|message\.\w+|error\.type|kubectl-trace\.[\w-]+|telemetry\.[\w.]+|service\.version|os\.type|process\.runtime\.[\w.]+|audit-id|traceID|protocol|method|mediaType|accept|verb|operation|subresource|count|size|limit|rv|rev|scope|read_only|success_first_type|resource-version|resourceVersionMatch|internal\.span\.format|span\.kind|otel\.[\w.]+)$/;
const NAMES =
  /^(webhook|configuration|group|resource|custom-resource-definition|transformer\.provider\.name|k8s\.[\w.]+\.name|k8s\.pod|namespace|name|api-group|api-version|user|username)$/;
const PATHS =
  /^(key|(compare|success|failure)_first_key|prefix|range_begin|range_end|url\.path|http\.(target|route)|path)$/;
const URLS = /^(url|url\.full|http\.url)$/;
const HOSTS =
  /^(host(\.\w+)?|client(\.(address|ip))?|server\.address|net\.(peer|host|sock)\.[\w.]+|network\.(peer|local)\.address|http\.(host|client_ip|server_name)|peer\.[\w.]+)$/;

function redactAttributes(attributes: Attributes, pseudonyms: Pseudonyms): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, redactValue(name, value, pseudonyms)]),
  );
}

function redactValue(name: string, value: AttributeValue, pseudonyms: Pseudonyms): AttributeValue {
  if (value === null || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return value;
  if (value instanceof Uint8Array) return pseudonyms.secret(Array.from(value).join(' '));
  if (typeof value !== 'string') {
    if (Array.isArray(value)) return value.map((item: AttributeValue) => redactValue(name, item, pseudonyms));
    return redactAttributes(value as Attributes, pseudonyms);
  }
  // It is drawn where a line is short, and has names as the complete one.
  if (name === SHORT_LABEL_ATTRIBUTE) return pseudonyms.text(value);
  if (PLAIN.test(name)) return value;
  if (name === 'encoder')
    return value.replace(ENCODED_VERSION, (_, before, version) => before + pseudonyms.path(version));
  if (name === 'type') return storedType(value, pseudonyms);
  if (name === 'service.name') return serviceName(value, pseudonyms);
  if (URLS.test(name)) return value.includes('://') ? pseudonyms.url(value) : pseudonyms.path(value);
  if (PATHS.test(name)) return pseudonyms.path(value);
  if (HOSTS.test(name)) return pseudonyms.host(value);
  if (NAMES.test(name)) return webhookResource(value) ?? pseudonyms.name(value);
  if (/user_agent/.test(name) && value.startsWith('kubectl-trace/')) return value.replace(/ .*/s, '');
  return /^(err|error|message|exception\.message|desired-api-version)$/.test(name)
    ? pseudonyms.text(value)
    : pseudonyms.secret(value);
}

/** `{"encodeGV":"apps/v1","encoder":…`: the group and version in which the API server writes an object. */
const ENCODED_VERSION = /("encodeGV":")([^"]*)/;

/** A type of Go's (`*core.Pod`), or `deployments.apps`. */
function storedType(value: string, pseudonyms: Pseudonyms): string {
  const [, resource = '', group] = /^([^.]*)(?:\.(.*))?$/s.exec(value) ?? [];
  if (value.startsWith('*')) return value;
  return pseudonyms.name(resource) + (group === undefined ? '' : `.${pseudonyms.name(group)}`);
}

/** `/v1, Resource=configmaps`, as the API server writes a built-in resource; a custom one is a name. */
const webhookResource = (value: string): string | undefined =>
  /^([a-z]*|[a-z.]+\.k8s\.io)\/v\w+, Resource=[a-z]+$/.test(value) ? value : undefined;
