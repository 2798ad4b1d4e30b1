import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { auditIDOf, requestContext } from '../../../src/propagation/request-context.ts';
import { parseSpanID, parseTraceID } from '../../../src/trace/ids.ts';

const traceID = parseTraceID('0af7651916cd43dd8448eb211c80319c')!;

test('an Audit-ID is a UUID of the first half of the trace ID and the span ID', () => {
  assert.equal(auditIDOf(traceID, parseSpanID('b7ad6b7169203331')!), '0af76519-16cd-43dd-b7ad-6b7169203331');
});

test('two requests of one trace have different ones', () => {
  assert.notEqual(auditIDOf(traceID, parseSpanID('1')!), auditIDOf(traceID, parseSpanID('2')!));
});

test('a context is in a separate trace, or in the one that is given', () => {
  const one = requestContext(randomBytes);
  const other = requestContext(randomBytes, one.traceID);
  assert.equal(other.traceID, one.traceID);
  assert.notEqual(other.spanID, one.spanID);
  assert.equal(other.auditID, auditIDOf(other.traceID, other.spanID));
  assert.notEqual(requestContext(randomBytes).traceID, one.traceID);
});
