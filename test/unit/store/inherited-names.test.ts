import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { bytesField, textField } from '../../../src/codec/protobuf/writer.ts';
import { decodeZipkin } from '../../../src/codec/zipkin/zipkin.ts';
import { headersOf } from '../../../src/kube/http/response-headers.ts';
import { matching, textsInMessage } from '../../../src/store/query.ts';
import { own, tableOf } from '../../../src/format/table-of.ts';

const INHERITED = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'];

/** A message `ResourceSpans` with one span that has one attribute (opentelemetry-proto trace.proto). */
function message(name: string, value: string): Buffer {
  const attribute = [textField(1, name), ...bytesField(2, textField(1, value))];
  const span = [
    ...bytesField(1, Buffer.alloc(16, 1)),
    ...bytesField(2, Buffer.alloc(8, 1)),
    textField(5, 'x'),
    ...bytesField(9, Buffer.concat(attribute)),
  ];
  const times = Buffer.from('390100000000000000410200000000000000', 'hex');
  const service = [textField(1, 'service.name'), ...bytesField(2, textField(1, 'shop'))];
  const resource = bytesField(1, Buffer.concat(bytesField(1, Buffer.concat(service))));
  return Buffer.concat([...resource, ...bytesField(2, Buffer.concat(bytesField(2, Buffer.concat([...span, times]))))]);
}

type Query = Parameters<typeof matching>[1];

const query = (attributes: Readonly<Record<string, string>>): Query =>
  ({ service: 'shop', from: 0n, to: 10n ** 18n, attributes }) as unknown as Query;

function matches(chunk: Buffer, wanted: Query): boolean {
  const steps = matching(() => chunk, wanted);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

suite('a name that is an inherited property', () => {
  for (const name of INHERITED) {
    test(`${name}: as a searched tag finds those that have it`, () => {
      const wanted = JSON.parse(`{${JSON.stringify(name)}: "x"}`) as Record<string, string>;
      assert.equal(matches(message(name, 'x'), query(wanted)), true);
      assert.equal(matches(message('other', 'x'), query(wanted)), false);
      assert.ok(textsInMessage(query(wanted)).every((text) => message(name, 'x').includes(text)));
    });

    test(`${name}: as a kind, a tag and a service of Zipkin`, () => {
      const tags = JSON.parse(`{${JSON.stringify(name)}: "x"}`) as Record<string, string>;
      const span = {
        traceId: 'abc',
        id: '1',
        name,
        kind: name,
        timestamp: 1,
        tags,
        localEndpoint: { serviceName: name },
      };
      const [decoded] = decodeZipkin([span])?.spans ?? [];
      assert.equal(decoded?.kind, 'unspecified');
      assert.equal(own(decoded.attributes, name), 'x');
    });

    test(`${name}: as a header and in a table`, () => {
      const headers = headersOf([name, 'a', name, 'b']);
      assert.equal(own(headers, name.toLowerCase()), 'a, b');
      assert.equal(tableOf<string, number>({ a: 1 })[name], undefined);
      assert.equal(own({}, name), undefined);
    });
  }
});
