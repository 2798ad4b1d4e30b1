import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { EditRefused } from '../../../../src/control-plane/kubeadm/layout.ts';
import { addTracing, removeTracing } from '../../../../src/control-plane/kubeadm/static-pod.ts';
import { apiserverTracing, etcdTracing, kubeadmFile, recordedKubeadms } from '../../../support/kubeadm-manifests.ts';

const manifest = kubeadmFile('1.37.2', 'kube-apiserver');

for (const version of recordedKubeadms) {
  suite(`manifests of kubeadm ${version}`, () => {
    for (const tracing of [apiserverTracing, etcdTracing(version)]) {
      const { component } = tracing;
      const text = kubeadmFile(version, component);

      test(`${component}: the edited manifest is the one that kubeadm writes from extraArgs and extraVolumes`, () => {
        assert.equal(addTracing(text, tracing), kubeadmFile(version, `${component}.traced`));
      });

      test(`${component}: a second edit changes nothing, and the removal restores the bytes`, () => {
        const once = addTracing(text, tracing);
        assert.equal(addTracing(once, tracing), once);
        assert.equal(removeTracing(once, tracing), text);
        assert.equal(removeTracing(text, tracing), text);
      });
    }
  });
}

test('comments, blank lines, quotes and the order of flags stay', () => {
  const edited = manifest
    .replace(
      '    - --allow-privileged=true\n',
      '    # needed by the CSI driver\n    - "--allow-privileged=true" # keep\n\n',
    )
    .replace('  hostNetwork: true\n', '  hostNetwork: true # see the runbook\n');
  const once = addTracing(edited, apiserverTracing);
  const added = once.split('\n').filter((line) => !edited.split('\n').includes(line));
  assert.deepEqual(added, [
    '    - --tracing-config-file=/etc/kubernetes/tracing/config.yaml',
    '    - mountPath: /etc/kubernetes/tracing',
    '      name: tracing',
    '      path: /etc/kubernetes/tracing',
    '      type: Directory',
    '    name: tracing',
  ]);
  assert.equal(removeTracing(once, apiserverTracing), edited);
});

test('lists that are not sorted by name get the volume at their end', () => {
  const [first, second] = ['  - hostPath:\n      path: /etc/kubernetes/pki\n', '    name: k8s-certs\n'];
  const moved = manifest.replace(/( {2}volumes:\n)/, `$1  - emptyDir: {}\n    name: zz\n`);
  assert.ok(manifest.includes(first + manifest.slice(manifest.indexOf(first) + first.length).split(second)[0]!));
  assert.match(
    addTracing(moved, apiserverTracing),
    /name: usr-share-ca-certificates\n {2}- hostPath:\n {6}path: \/etc\/kubernetes\/tracing\n {6}type: Directory\n {4}name: tracing\nstatus: \{\}\n$/,
  );
});

const refused: readonly (readonly [title: string, text: string, reason: RegExp])[] = [
  [
    'another value of the flag',
    manifest.replace('    image:', '    - --tracing-config-file=/etc/x.yaml\n    image:'),
    /already has --tracing-config-file=\/etc\/x\.yaml/,
  ],
  [
    'the flag twice',
    manifest.replace(
      '    image:',
      `${'    - --tracing-config-file=/etc/kubernetes/tracing/config.yaml\n'.repeat(2)}    image:`,
    ),
    /already has/,
  ],
  [
    'another volume at the path',
    manifest.replace('    - mountPath: /etc/kubernetes/pki\n', '    - mountPath: /etc/kubernetes/tracing\n'),
    /another volume than "tracing" is mounted/,
  ],
  [
    'another volume of the name',
    manifest.replaceAll('name: k8s-certs', 'name: tracing'),
    /another volume than|is not \/etc\/kubernetes\/tracing|mounted/,
  ],
  [
    'the command in brackets',
    manifest.replace(/ {2}- command:\n(?: {4}- .*\n)+/, '  - command: [kube-apiserver, --secure-port=6443]\n'),
    /in brackets/,
  ],
  [
    'a shell in front',
    manifest.replace('    - kube-apiserver\n', '    - sh\n    - -c\n'),
    /does not begin with kube-apiserver/,
  ],
  [
    'args beside the command',
    manifest.replace('    image:', '    args:\n    - --v=4\n    image:'),
    /args beside its command/,
  ],
  ['anchors', manifest.replace('  hostNetwork: true', '  hostNetwork: &yes true'), /YAML anchors/],
  ['Windows line ends', manifest.replaceAll('\n', '\r\n'), /Windows line ends/],
  ['two documents', `${manifest}---\n${manifest}`, /more than one document/],
  ['another kind', manifest.replace('kind: Pod', 'kind: Deployment'), /not a Pod/],
  [
    'another container',
    manifest.replace('    name: kube-apiserver\n', '    name: apiserver\n'),
    /no container kube-apiserver/,
  ],
  ['no volumes', manifest.slice(0, manifest.indexOf('  volumes:')), /no list spec\.volumes/],
  ['half a file', manifest.slice(0, 700), /no container|no list|not/],
  ['no YAML', 'spec: [\n', /not valid YAML/],
  ['JSON', JSON.stringify({ kind: 'Pod' }), /not a mapping/],
  ['nothing', '', /not a mapping/],
];
for (const [title, text, reason] of refused) {
  test(`refused, with the reason: ${title}`, () => {
    assert.notEqual(text, manifest);
    assert.throws(
      () => addTracing(text, apiserverTracing),
      (error) => error instanceof EditRefused && reason.test(error.message),
    );
  });
}

test('a damaged manifest is refused, or edited so that the removal restores it', () => {
  const lines = manifest.split('\n');
  const damage = fc.record({
    at: fc.nat(lines.length - 1),
    how: fc.constantFrom('remove', 'repeat', 'comment', 'indent', 'blank'),
  });
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
      const damaged = [...lines];
      for (const { at, how } of damages) {
        const line = damaged[at] ?? '';
        const put = {
          remove: [],
          repeat: [line, line],
          comment: [`${line} # note`],
          indent: [` ${line}`],
          blank: ['', line],
        };
        damaged.splice(at, 1, ...put[how]);
      }
      const text = damaged.join('\n');
      let once: string;
      try {
        once = addTracing(text, apiserverTracing);
      } catch (error) {
        assert.ok(error instanceof EditRefused, String(error));
        return;
      }
      assert.equal(addTracing(once, apiserverTracing), once);
      assert.equal(removeTracing(once, apiserverTracing), removeTracing(text, apiserverTracing));
    }),
    { numRuns: 400 },
  );
});
