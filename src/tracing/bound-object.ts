import { WireReader, WireType } from '../codec/protobuf/reader.ts';
import type { KubeRequest } from '../kube/http/exchange.ts';
import { isObject, parseJSON } from '../kube/json.ts';

/**
 * Whether a token is requested for an object besides its account; null for other requests, and where that is not known.
 * kubectl sends Protocol Buffers.
 */
export function hasBoundObject({ subresource, body }: Pick<KubeRequest, 'subresource' | 'body'>): boolean | null {
  if (subresource !== 'token' || body === undefined) return null;
  return hasMagic(body) ? ofMessage(body) : ofJSON(body);
}

function ofJSON(body: Uint8Array): boolean | null {
  const request = parseJSON(body);
  const spec = isObject(request) ? request['spec'] : undefined;
  return isObject(spec) ? (spec['boundObjectRef'] ?? null) !== null : null;
}

/** `k8s` and a zero, before a runtime.Unknown (k8s.io/apimachinery pkg/runtime/serializer/protobuf). */
const MAGIC = Buffer.of(0x6b, 0x38, 0x73, 0);

const hasMagic = (body: Uint8Array): boolean => MAGIC.equals(body.subarray(0, MAGIC.length));

/** Numbers of fields: k8s.io/apimachinery pkg/runtime/generated.proto, k8s.io/api authentication/v1/generated.proto. */
const RAW = 2;
const SPEC = 2;
const BOUND_OBJECT = 3;

function ofMessage(body: Uint8Array): boolean | null {
  try {
    const raw = fieldOf(body.subarray(MAGIC.length), RAW);
    const spec = raw && fieldOf(raw, SPEC);
    return spec === undefined ? null : fieldOf(spec, BOUND_OBJECT) !== undefined;
  } catch {
    return null;
  }
}

/** A message or bytes inside a message; undefined where it has none. Throws MalformedMessage. */
function fieldOf(message: Uint8Array, field: number): Buffer | undefined {
  const reader = new WireReader(message);
  let found: Buffer | undefined;
  while (reader.next(reader.end)) {
    if (reader.is(field, WireType.bytes)) found = reader.view();
    else reader.skip();
  }
  return found;
}
