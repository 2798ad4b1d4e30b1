import type { ErrorContext, KnownError } from '../../src/pod/errors/known-error.ts';
import { NETWORK_ERRORS } from '../../src/pod/errors/network-errors.ts';
import { PULL_ERRORS } from '../../src/pod/errors/pull-errors.ts';
import { RUNTIME_ERRORS } from '../../src/pod/errors/runtime-errors.ts';
import { START_ERRORS } from '../../src/pod/errors/start-errors.ts';
import { VOLUME_ERRORS } from '../../src/pod/errors/volume-errors.ts';
import { EVENT_MEANINGS } from '../../src/pod/event-table.ts';
import type { PodSnapshot } from '../../src/pod/pod-snapshot.ts';
import { REJECTIONS } from '../../src/pod/rejections.ts';

/** Tables of known error texts, by the step that fails, in the order in which they are tried. */
export const ERROR_TABLES: Readonly<Record<string, readonly KnownError[]>> = {
  pull: PULL_ERRORS,
  start: START_ERRORS,
  runtime: RUNTIME_ERRORS,
  network: NETWORK_ERRORS,
  volume: VOLUME_ERRORS,
};

/** Names in capitals stand for those of a cluster. */
export const exampleContext = (snapshot: PodSnapshot): ErrorContext => ({
  snapshot,
  node: 'NODE',
  image: 'IMAGE',
  container: 'CONTAINER',
  platform: 'linux/amd64',
});

const code = (word: string): string => `\`${word}\``;

/** The rows of docs/kubelet.md that say what each event means. */
export const eventTable = (): string[] =>
  EVENT_MEANINGS.map(
    ({ kind, stage, says, means }) => `| ${kind} | ${stage ?? 'none'} | ${says.map(code).join(', ')} | ${means} |`,
  );

/** The rows of docs/kubelet.md that say why a kubelet rejects a pod. */
export const rejectionTable = (): string[] =>
  REJECTIONS.map(({ says, why, owner, remedy }) => `| ${says.map(code).join(', ')} | ${why} | ${owner} | ${remedy} |`);

/** The rows of docs/kubelet.md that say what is made of each error text. */
export const errorTable = (snapshot: PodSnapshot): string[] =>
  Object.entries(ERROR_TABLES).flatMap(([step, errors]) =>
    errors.map(({ example, pattern, message, owner }) => {
      const match = [...(pattern.exec(example) ?? [])].map((group) => group ?? '');
      return `| ${step} | ${code(example)} | ${message(match, exampleContext(snapshot)).replaceAll('|', '\\|')} | ${owner} |`;
    }),
  );
