import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { apiserverTracing, TRACING_CONFIG_FLAG } from '../../../src/control-plane/apiserver-tracing.ts';
import { etcdFlagName, etcdTracing, etcdTracingFlags } from '../../../src/control-plane/etcd-tracing.ts';
import { kubeletTracing } from '../../../src/control-plane/kubelet-tracing.ts';
import { parseVersion, type Version } from '../../../src/control-plane/version.ts';

/** Lines that `npm run record:flags` recorded of one program's help, or by its sources. */
interface Recorded {
  readonly title: string;
  readonly program: string;
  readonly version: Version;
  readonly text: string;
  /** Names of its flags, without `--`. */
  readonly flags: readonly string[];
}

const folder = new URL('../../fixtures/flags/', import.meta.url);
const recordedIn = (place: URL, title = ''): readonly Recorded[] =>
  readdirSync(place)
    .filter((file) => file.endsWith('.txt'))
    .map((file) => {
      const [, program = '', version = ''] = /^(.*)-([\d.]+)\.txt$/.exec(file) ?? [];
      const text = readFileSync(new URL(file, place), 'utf8');
      const flags = [...text.matchAll(/^--([\w-]+)/gm)].map(([, name = '']) => name);
      return { title: `${program} ${version}${title}`, program, version: parseVersion(version)!, text, flags };
    });
const helps = recordedIn(folder);
const sources = recordedIn(new URL('sources/', folder), ' by its sources');
const of = (program: string): readonly Recorded[] => [...helps, ...sources].filter((item) => item.program === program);

suite('the flags of kube-apiserver', () => {
  test('are recorded for every version since tracing began', () => {
    const minors = new Set(of('kube-apiserver').map(({ version }) => version.minor));
    assert.deepEqual(
      [...minors].toSorted((one, other) => one - other),
      Array.from({ length: 16 }, (_, index) => 22 + index),
    );
  });

  // Sources are parsed where no program is built; here both exist.
  for (const { title, text } of helps.filter(({ program }) => program === 'kube-apiserver')) {
    test(`${title} has them as its sources say`, () => {
      const source = sources.find((item) => item.title === `${title} by its sources`);
      // The name of the component in front of each gate, since 1.31.
      assert.equal(source?.text, text.replaceAll(/^kube:/gm, ''));
    });
  }

  for (const { title, version, flags, text } of of('kube-apiserver')) {
    test(`${title} has the flag, and needs no gate that it lacks`, () => {
      const tracing = apiserverTracing(version)!;
      assert.ok(flags.includes(TRACING_CONFIG_FLAG));
      const gate = /APIServerTracing=true\|false \((\w+) - default=(\w+)\)/.exec(text);
      // Where the help has the gate and it is on, or no longer has it, no gate may be set.
      assert.equal(tracing.featureGate, gate?.[2] === 'false' ? 'APIServerTracing=true' : undefined);
      assert.equal(tracing.stage, gate === null ? 'stable' : gate[1]!.toLowerCase());
    });
  }
});

suite('the flags of etcd', () => {
  test('are recorded for 3.5, 3.6 and 3.7', () => {
    assert.deepEqual(new Set(of('etcd').map(({ version }) => version.minor)), new Set([5, 6, 7]));
  });

  for (const { title, version, flags } of of('etcd')) {
    test(`${title} has every flag that is printed for it`, () => {
      const tracing = etcdTracing(version)!;
      for (const [name] of etcdTracingFlags(tracing, { endpoint: '10.0.0.1:4317', samplingRate: 5 })) {
        assert.ok(flags.includes(name), `${title} has no --${name}`);
      }
      const rate = etcdFlagName(tracing, 'distributed-tracing-sampling-rate');
      assert.equal(flags.includes(rate), tracing.ownSampling === 'rate');
    });
  }
});

// kube-apiserver lists the gates of the kubelet too. The kubelet itself has no flag of tracing.
suite('the feature gate of the kubelet', () => {
  for (const { title, version, text } of of('kube-apiserver')) {
    test(`${title} sets it for the kubelet only where it is off`, () => {
      const needed = /KubeletTracing=true\|false \(\w+ - default=false\)/.test(text);
      assert.equal(kubeletTracing(version)?.featureGate, needed ? 'KubeletTracing' : undefined);
    });
  }
});

test('tracing by version of kube-apiserver', () => {
  const versions = ['1.21.14', '1.22.0', '1.26.15', '1.27.0', '1.32.13', '1.33.0', '1.34.0', '1.37.2'];
  assert.deepEqual(
    versions.map((text) => {
      const tracing = apiserverTracing(parseVersion(text)!);
      if (tracing === undefined) return `${text} none`;
      const { stage, featureGate, apiVersion, acceptsTraceContext, hasExemplars } = tracing;
      return [text, stage, featureGate ?? '-', apiVersion.split('/')[1], acceptsTraceContext, hasExemplars].join(' ');
    }),
    [
      '1.21.14 none',
      '1.22.0 alpha APIServerTracing=true v1alpha1 false false',
      '1.26.15 alpha APIServerTracing=true v1alpha1 false false',
      '1.27.0 beta - v1beta1 false false',
      '1.32.13 beta - v1beta1 false true',
      '1.33.0 beta - v1beta1 true true',
      '1.34.0 stable - v1 true true',
      '1.37.2 stable - v1 true true',
    ],
  );
});

test('tracing by version of etcd', () => {
  const versions = ['3.4.30', '3.5.0', '3.5.4', '3.5.5', '3.5.10', '3.5.11', '3.5.21', '3.6.0', '3.7.0'];
  assert.deepEqual(
    versions.map((text) => {
      const tracing = etcdTracing(parseVersion(text)!);
      if (tracing === undefined) return `${text} none`;
      return `${text} ${etcdFlagName(tracing, 'enable-distributed-tracing')} ${tracing.ownSampling} ${tracing.hasInternalSpans}`;
    }),
    [
      '3.4.30 none',
      '3.5.0 experimental-enable-distributed-tracing all false',
      '3.5.4 experimental-enable-distributed-tracing all false',
      '3.5.5 experimental-enable-distributed-tracing none false',
      '3.5.10 experimental-enable-distributed-tracing none false',
      '3.5.11 experimental-enable-distributed-tracing rate false',
      '3.5.21 experimental-enable-distributed-tracing rate false',
      '3.6.0 enable-distributed-tracing rate false',
      '3.7.0 enable-distributed-tracing rate true',
    ],
  );
});
