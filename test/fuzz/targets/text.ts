import fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadKubeconfig } from '../../../src/kube/connect/kubeconfig.ts';
import { readManifests } from '../../../src/kube/manifest/documents.ts';
import { encodeObject } from '../../../src/kube/api/object-json.ts';
import { meaningOf } from '../../../src/pod/event-meaning.ts';
import { findError, type KnownError } from '../../../src/pod/errors/known-error.ts';
import { PULL_ERRORS } from '../../../src/pod/errors/pull-errors.ts';
import { RUNTIME_ERRORS } from '../../../src/pod/errors/runtime-errors.ts';
import { START_ERRORS } from '../../../src/pod/errors/start-errors.ts';
import { VOLUME_ERRORS } from '../../../src/pod/errors/volume-errors.ts';
import { SCHEDULING_RULES, readMessage } from '../../../src/pod/scheduling/table.ts';
import { parseSchedulingMessage } from '../../../src/pod/scheduling/message.ts';
import { evaluate } from '../../../src/render/jsonpath/evaluate.ts';
import { parseTemplate } from '../../../src/render/jsonpath/parse.ts';
import { DOCUMENT, FAILING, TEMPLATES } from '../../unit/render/jsonpath/templates.ts';
import { corpusOf } from '../engine/corpus.ts';
import { BYTE_MUTATIONS } from '../engine/mutate-bytes.ts';
import { promise, stateless, type OpenTarget, type Target } from '../engine/target.ts';
import { JSON_MUTATIONS } from './decoders.ts';
import { HERE } from '../../support/platforms.ts';

const texts = (list: readonly string[]): readonly Buffer[] => list.map((text) => Buffer.from(text));

const kubeconfig: Target = {
  name: 'kubeconfig',
  reads: 'kubeconfig files, as YAML and as JSON',
  corpus: () => corpusOf('kubeconfig'),
  mutations: JSON_MUTATIONS,
  isPure: true,
  async open(): Promise<OpenTarget> {
    const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-fuzz-'));
    const path = join(folder, 'config');
    return {
      close: () => rm(folder, { recursive: true, force: true }),
      feed: async (input) => {
        await writeFile(path, input);
        const { clusters, users, contexts } = await loadKubeconfig(path, {
          env: {},
          cwd: folder,
          home: folder,
          platform: HERE,
        });
        return `${clusters.size} clusters, ${users.size} users, ${contexts.size} contexts`;
      },
    };
  },
};

const manifests: Target = {
  name: 'manifests',
  reads: 'manifests of `create`, `apply` and `replace`',
  corpus: () => corpusOf('manifests'),
  mutations: JSON_MUTATIONS,
  isPure: true,
  open: stateless(async (input) => {
    const objects = await readManifests(input.toString('utf8'), 'STDIN');
    for (const { object } of objects) JSON.parse(encodeObject(object));
    return `${objects.length} objects`;
  }),
};

/** An example for each placeholder of a rule. */
const example = (template: string): string => template.replaceAll(/\{[^}]*\}|%[a-z]|…/g, 'x');

const schedulerMessage = fc
  .record({
    nodes: fc.integer({ min: 0, max: 5000 }),
    causes: fc.array(
      fc.tuple(fc.nat(5000), fc.constantFrom(...SCHEDULING_RULES.flatMap(({ says }) => says).map(example))),
      { maxLength: 40 },
    ),
    end: fc.constantFrom(
      '.',
      '',
      '. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.',
      ' still not schedulable, preemption: x',
    ),
  })
  .map(({ nodes, causes, end }) =>
    Buffer.from(
      `0/${nodes} nodes are available: ${causes.map(([count, text]) => `${count} ${text}`).join(', ')}${end}`,
    ),
  );

const scheduler: Target = {
  name: 'scheduler-messages',
  reads: "the scheduler's messages in conditions and events",
  corpus: () => [
    ...corpusOf('scheduler-messages'),
    ...texts(
      SCHEDULING_RULES.flatMap(({ says }) => says).map(
        (text) =>
          `0/3 nodes are available: 1 ${example(text)}, 2 Insufficient cpu. preemption: 0/3 nodes are available: 3 x.`,
      ),
    ),
  ],
  mutations: BYTE_MUTATIONS,
  grammar: schedulerMessage,
  isPure: true,
  open: stateless((input) => {
    const { nodes, causes, afterwards } = parseSchedulingMessage(input.toString('utf8'));
    promise(
      causes.every((cause) => cause.nodes === null || cause.nodes <= (nodes ?? 0)),
      'a cause has more nodes than there are',
    );
    const known = causes.filter(({ text }) => readMessage(text) !== undefined).length;
    return `${nodes} nodes, ${causes.length} causes, ${known} of them known, ${afterwards === undefined ? 'nothing' : 'something'} behind`;
  }),
};

const KNOWN_ERRORS: readonly KnownError[] = [...PULL_ERRORS, ...START_ERRORS, ...RUNTIME_ERRORS, ...VOLUME_ERRORS];

const kubelet: Target = {
  name: 'kubelet-messages',
  reads: 'texts of the kubelet, of runtimes and of volume drivers',
  corpus: () => [...corpusOf('kubelet-messages'), ...texts(KNOWN_ERRORS.map(({ example: text }) => text))],
  mutations: BYTE_MUTATIONS,
  isPure: true,
  open: stateless((input) => {
    const text = input.toString('utf8');
    const found = findError(KNOWN_ERRORS, text)?.error.example ?? 'unknown';
    return `${found}, ${meaningOf(text)?.kind ?? 'an unknown reason'}`;
  }),
};

const jsonpath: Target = {
  name: 'jsonpath',
  reads: 'templates of `-o jsonpath=`',
  corpus: () => [...corpusOf('jsonpath'), ...texts([...TEMPLATES, ...FAILING].map(([template]) => template))],
  mutations: BYTE_MUTATIONS,
  isPure: true,
  open: stateless((input) => `${evaluate(parseTemplate(input.toString('utf8').slice(0, 2000)), DOCUMENT).length > 0}`),
};

export const TEXTS_OF_CLUSTERS: readonly Target[] = [kubeconfig, manifests, scheduler, kubelet, jsonpath];
