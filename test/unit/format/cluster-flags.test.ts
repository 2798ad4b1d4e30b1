import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { clusterFlags, clusterFlagValues } from '../../../src/format/cluster-flags.ts';

const flagsOf = (line: string): string => clusterFlags(line.split(' ')).join(' ');

suite('the flags of a command line that lead to its cluster', () => {
  const lines: Readonly<Record<string, string>> = {
    'get pods --context staging -n shop': '--context staging',
    'pod web --kubeconfig=/tmp/c --cluster east --user=jane': '--kubeconfig=/tmp/c --cluster east --user=jane',
    '-s https://10.0.0.1:6443 get nodes --insecure-skip-tls-verify --as jane':
      '-s https://10.0.0.1:6443 --insecure-skip-tls-verify --as jane',
    'get nodes -shttps://10.0.0.1:6443 --as-group=a --as-group b': '-shttps://10.0.0.1:6443 --as-group=a --as-group b',
    'run --context a -- kubectl get nodes --context b': '--context a',
    'apply -f web.yaml --server-side --token x': '',
    'create rolebinding r --user jane --context staging': '--context staging',
    'get nodes --context': '',
  };
  for (const [line, expected] of Object.entries(lines)) {
    test(line, () => {
      assert.equal(flagsOf(line), expected);
    });
  }

  test('have the namespace default, which commands do not name', () => {
    for (const flag of ['-n default', '-ndefault', '-n=default', '--namespace default', '--namespace=default']) {
      assert.equal(flagsOf(`pod web ${flag}`), flag);
    }
  });

  test('have values, which are names', () => {
    const args = ['get', '--context', 'staging', '--kubeconfig=/tmp/c', '-shttps://a', '-n', 'default'];
    assert.deepEqual(clusterFlagValues(args), ['staging', '/tmp/c', 'https://a', 'default']);
  });
});
