import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { formatVersion, imageVersion, isAtLeast, parseVersion } from '../../../src/control-plane/version.ts';

const parsed: readonly (readonly [text: string, version: string])[] = [
  ['v1.37.2', '1.37.2'],
  ['v1.33.1-gke.100', '1.33.1'],
  ['v1.31.4+k3s1', '1.31.4'],
  ['v1.29.5+29c95f3', '1.29.5'],
  ['3.5.21-0', '3.5.21'],
  ['1.33', '1.33.0'],
];

suite('a version', () => {
  for (const [text, version] of parsed) {
    test(`of ${text} is ${version}`, () => assert.equal(formatVersion(parseVersion(text)!), version));
  }

  test('is not read from another text', () => {
    for (const text of ['', 'latest', 'vv1.2.3', 'build-1.2.3', '1']) assert.equal(parseVersion(text), undefined);
  });

  test('is compared by number: 3.5.10 is later than 3.5.9', () => {
    const at = (text: string, other: string): boolean => isAtLeast(parseVersion(text)!, other);
    assert.deepEqual(
      [at('3.5.10', '3.5.9'), at('3.5.9', '3.5.10'), at('1.27.0', '1.27'), at('1.26.15', '1.27'), at('2.0.0', '1.99')],
      [true, false, true, false, true],
    );
  });

  test('is read from the tag of an image, whose registry may have a port', () => {
    const tags = [
      ['registry.k8s.io/etcd:3.6.4-0', '3.6.4'],
      ['host:5000/team/kube-apiserver:v1.37.2', '1.37.2'],
      ['registry.k8s.io/kube-apiserver:v1.37.2@sha256:0123', '1.37.2'],
    ] as const;
    for (const [image, version] of tags) assert.equal(formatVersion(imageVersion(image)!), version);
    for (const image of ['etcd', 'host:5000/etcd', 'etcd@sha256:0123', 'etcd:latest']) {
      assert.equal(imageVersion(image), undefined, image);
    }
  });
});
