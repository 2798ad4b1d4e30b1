import { createHash } from 'node:crypto';
import type { PodTracing } from '../../../control-plane/kubeadm/static-pod.ts';
import { UsageError } from '../../../errors.ts';
import { isObject } from '../../../kube/json.ts';
import type { NodeFiles } from './node-files.ts';
import { JOURNAL, stagedPath, STATE } from './paths.ts';

/** One changed manifest: digests of its bytes. The bytes before are in its backup. */
export interface ChangedManifest {
  readonly component: PodTracing['component'];
  readonly before: string;
  readonly after: string;
  /** The parts that it lacked before. */
  readonly added: PodTracing;
}

/**
 * Written before the first change and after the last one. With it, a run that was killed at any step is finished by the
 * next run, or undone: the state of each file shows how far it got.
 */
export interface Journal {
  readonly version: 1;
  readonly phase: 'applying' | 'applied' | 'undoing';
  readonly endpoint: string;
  readonly pods: readonly PodTracing[];
  readonly manifests: readonly ChangedManifest[];
  /** The parts that kubeadm-config lacked before the first apply. */
  readonly kubeadmConfig: readonly PodTracing[];
  /** Text of the TracingConfiguration. */
  readonly configuration: string;
  /** The file was there before, with this text: it stays after an undo. */
  readonly hadConfiguration: boolean;
}

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The journal of this node; undefined without one. Rejects with a UsageError for one that this version does not know. */
export async function readJournal(files: NodeFiles): Promise<Journal | undefined> {
  const file = await files.read(JOURNAL);
  if (file === undefined) return undefined;
  let document: unknown;
  try {
    document = JSON.parse(file.text);
  } catch {
    document = undefined;
  }
  const isKnown =
    isObject(document) &&
    document['version'] === 1 &&
    [document['manifests'], document['kubeadmConfig']].every((list) => Array.isArray(list));
  if (!isKnown) {
    throw new UsageError('UnknownJournal', `${JOURNAL} is not a journal of this version`, {
      hint: `the manifests before the change are in ${STATE}`,
    });
  }
  return document as Journal;
}

/** Replaces the journal in one step. */
export async function writeJournal(files: NodeFiles, journal: Journal): Promise<void> {
  await stageJournal(files, journal);
  await commitJournal(files);
}

/** Writes the next journal beside the current one, so that `commitJournal` needs no space. */
export const stageJournal = (files: NodeFiles, journal: Journal): Promise<void> =>
  files.write(stagedPath(JOURNAL, 'new'), `${JSON.stringify(journal, null, 2)}\n`);

export const commitJournal = (files: NodeFiles): Promise<void> => files.rename(stagedPath(JOURNAL, 'new'), JOURNAL);
