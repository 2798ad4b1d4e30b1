import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { hasBoundObject } from '../../../src/tracing/bound-object.ts';

/** As kubectl 1.37 sends them: `create token app`, and with `--bound-object-kind Secret --bound-object-name sx`. */
const PLAIN =
  '6b3873000a280a1861757468656e7469636174696f6e2e6b38732e696f2f7631120c546f6b656e52657175657374121a0a100a0012001a0022002a0032003800420012001a040a0012001a002200';
const BOUND =
  '6b3873000a280a1861757468656e7469636174696f6e2e6b38732e696f2f7631120c546f6b656e52657175657374122e0a100a0012001a0022002a00320038004200' +
  '12141a120a06536563726574120276311a02737822001a040a0012001a002200';

const ofBody = (body: Buffer, subresource = 'token'): boolean | null => hasBoundObject({ subresource, body });

suite('the object that a token is bound to', () => {
  test('is in a message of kubectl', () => {
    assert.equal(ofBody(Buffer.from(PLAIN, 'hex')), false);
    assert.equal(ofBody(Buffer.from(BOUND, 'hex')), true);
  });

  test('is in JSON', () => {
    const json = (spec: unknown): Buffer => Buffer.from(JSON.stringify({ kind: 'TokenRequest', spec }));
    assert.equal(ofBody(json({ audiences: null, boundObjectRef: null })), false);
    assert.equal(ofBody(json({ boundObjectRef: { kind: 'Pod', name: 'web' } })), true);
  });

  test('is not known of any other request, and of no part of a message', () => {
    assert.equal(hasBoundObject({ subresource: 'token' }), null);
    assert.equal(ofBody(Buffer.from(BOUND, 'hex'), 'exec'), null);
    for (const whole of [PLAIN, BOUND].map((hex) => Buffer.from(hex, 'hex')))
      for (let length = 0; length < whole.length - 4; length++)
        assert.equal(ofBody(whole.subarray(0, length)), null, String(length));
  });
});
