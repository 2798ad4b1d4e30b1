import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { apiserverTracing } from '../../../src/control-plane/apiserver-tracing.ts';
import { kubeletConfigurationLines, kubeletTracing } from '../../../src/control-plane/kubelet-tracing.ts';
import { runtimeTracing } from '../../../src/control-plane/runtime-tracing.ts';
import {
  samplingCost,
  tracingConfiguration,
  usualSamplingRate,
} from '../../../src/control-plane/tracing-configuration.ts';
import { parseVersion } from '../../../src/control-plane/version.ts';

const apiserver = (version: string) => apiserverTracing(parseVersion(version)!)!;

test('a TracingConfiguration has the API version of its server', () => {
  assert.equal(
    tracingConfiguration(apiserver('1.33.0'), { endpoint: '[fd00::7]:4317', samplingRate: 100 }),
    `apiVersion: apiserver.config.k8s.io/v1beta1
kind: TracingConfiguration
endpoint: "[fd00::7]:4317"
samplingRatePerMillion: 100
`,
  );
});

suite('the sampling rate', () => {
  test('is 0 where the server accepts trace context, and else every request', () => {
    assert.deepEqual(
      ['1.32.13', '1.33.0'].map((text) => usualSamplingRate(apiserver(text))),
      [1_000_000, 0],
    );
  });

  test('is explained by its cost, and by what it finds', () => {
    assert.match(samplingCost(0, apiserver('1.37.2')).join('\n'), /no background cost.*\n.*setup identity/s);
    assert.match(samplingCost(100, apiserver('1.37.2')).join('\n'), /one in 10000 requests.*0\.1 traces a second/);
    assert.match(samplingCost(1_000_000, apiserver('1.32.0')).join('\n'), /1000 traces a second.*\n.*lower the rate/s);
    assert.match(samplingCost(0, apiserver('1.29.0')).join('\n'), /no request of kubectl trace is recorded/);
  });
});

test('a kubelet before 1.27 needs its gate, and one before 1.25 does not trace', () => {
  const lines = (version: string): readonly string[] =>
    kubeletConfigurationLines(kubeletTracing(parseVersion(version)!)!, { endpoint: '127.0.0.1:4317', samplingRate: 5 });
  assert.deepEqual(lines('1.26.0').slice(0, 2), ['featureGates:', '  KubeletTracing: true']);
  assert.deepEqual(lines('1.27.0'), ['tracing:', '  endpoint: "127.0.0.1:4317"', '  samplingRatePerMillion: 5']);
  assert.equal(kubeletTracing(parseVersion('1.24.17')!), undefined);
});

suite('a container runtime', () => {
  const cases: readonly (readonly [runtime: string, path: string | undefined])[] = [
    ['containerd://2.1.4', '/etc/systemd/system/containerd.service.d/tracing.conf'],
    ['containerd://1.7.27', '/etc/containerd/config.toml'],
    ['containerd://1.5.0', undefined],
    ['containerd://1.7.23-k3s2', '/etc/containerd/config.toml'],
    ['cri-o://1.33.0', '/etc/crio/crio.conf.d/99-tracing.conf'],
    ['docker://28.0.0', undefined],
    ['', undefined],
  ];
  for (const [runtime, path] of cases) {
    test(`${runtime || 'without a name'}: ${path ?? 'nothing'}`, () => {
      const file = runtimeTracing(runtime, { endpoint: '127.0.0.1:4317' });
      assert.equal(file?.path, path);
      if (file !== undefined) assert.match(file.text, /127\.0\.0\.1:4317/);
    });
  }
});
