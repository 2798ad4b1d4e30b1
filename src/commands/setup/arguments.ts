import type { CommandLine } from '../../cli/arguments.ts';
import { connectionFlags } from '../../cli/options/connection.ts';
import { redactArguments } from '../../cli/redact.ts';
import type { FlagValues } from '../../cli/values.ts';
import type { ConnectionFlags } from '../../connection.ts';
import { SETUP_KINDS, type SetupKind } from '../../control-plane/possibilities.ts';
import { UsageError } from '../../errors.ts';
import { nearestName } from '../../format/nearest-name.ts';
import { programName } from '../../format/program-name.ts';
import { nanos, type Nanos } from '../../trace/time.ts';
import { fileOptions, invalid, type FileOptions } from './file-options.ts';
import { KUBEADM_FLAG_NAMES, kubeadmTask } from './kubeadm/arguments.ts';
import type { KubeadmTask } from './kubeadm/task.ts';

export type SetupTask =
  /** Prints files and commands. Undefined kind: that of the cluster. */
  | { readonly kind: 'files'; readonly setup: SetupKind | undefined; readonly options: FileOptions }
  | KubeadmTask
  | { readonly kind: 'backend'; readonly backend: 'jaeger' | 'serve'; readonly image: string | undefined }
  | {
      readonly kind: 'identity';
      readonly name: string;
      readonly duration: Nanos;
      readonly undo: boolean;
      readonly yes: boolean;
    }
  | {
      readonly kind: 'metrics-reader';
      /** Undefined: the current user. */
      readonly subject: { readonly kind: 'User' | 'Group'; readonly name: string } | undefined;
      readonly apply: boolean;
      readonly undo: boolean;
      readonly yes: boolean;
    };

export interface SetupInvocation {
  readonly kind: 'setup';
  readonly args: readonly string[];
  readonly connection: ConnectionFlags;
  readonly task: SetupTask;
}

/** Arguments that are no kind of cluster. */
export const SUBJECTS = ['backend', 'identity', 'metrics-reader'] as const;

/** The flags of each subject; a flag of another one is refused. */
const FLAGS_OF: Readonly<Record<SetupTask['kind'], readonly string[]>> = {
  files: ['endpoint', 'sampling-rate', 'kubelet-sampling-rate', 'kubernetes-version', 'etcd-version'],
  kubeadm: KUBEADM_FLAG_NAMES,
  backend: ['image'],
  identity: ['tracer-name', 'duration', 'undo', 'yes'],
  'metrics-reader': ['subject', 'apply', 'undo', 'yes'],
};

/** `setup`'s arguments. Throws a UsageError. */
export function parseSetup({ argv, words, positionals, values }: CommandLine): SetupInvocation {
  const task = taskOf(positionals, values);
  refuseOthers(task, values);
  return { kind: 'setup', args: redactArguments(argv, words), connection: connectionFlags(values), task };
}

function taskOf([subject, ...rest]: readonly string[], values: FlagValues): SetupTask {
  const flag = (name: string): boolean => values.boolean(name) ?? false;
  if (flag('apply') && flag('undo')) {
    throw new UsageError('InvalidArguments', '--apply and --undo cannot be used together');
  }
  if (subject === 'backend') return backendTask(rest, values);
  if (rest.length > 0) throw new UsageError('TooManyArguments', `unexpected argument "${rest[0]}"`);
  if (subject === 'identity') {
    const duration = values.duration('duration');
    if (duration < MIN_DURATION) {
      throw invalid('duration', values.string('duration') ?? '', 'must be at least 10m, as Kubernetes requires');
    }
    return { kind: 'identity', name: nameOf(values), duration, undo: flag('undo'), yes: flag('yes') };
  }
  if (subject === 'metrics-reader') {
    return {
      kind: 'metrics-reader',
      subject: subjectOf(values),
      apply: flag('apply'),
      undo: flag('undo'),
      yes: flag('yes'),
    };
  }
  if (subject === 'kubeadm' && (flag('apply') || flag('undo') || values.isGiven('dry-run'))) return kubeadmTask(values);
  return filesTask(subject, values);
}

function filesTask(subject: string | undefined, values: FlagValues): SetupTask {
  const setup = SETUP_KINDS.find((kind) => kind === subject);
  if (subject !== undefined && setup === undefined) throw unknownSubject(subject);
  const options = fileOptions(values);
  if (options.kubernetesVersion !== undefined && setup === undefined) {
    throw new UsageError('KindRequired', 'You must give the kind of cluster with --kubernetes-version', {
      hint: `the kinds are ${SETUP_KINDS.join(', ')}`,
    });
  }
  return { kind: 'files', setup, options };
}

/** certificates.k8s.io: expirationSeconds is at least 600. */
const MIN_DURATION = nanos(600e9);

function backendTask([backend, unexpected]: readonly string[], values: FlagValues): SetupTask {
  if (unexpected !== undefined) throw new UsageError('TooManyArguments', `unexpected argument "${unexpected}"`);
  if (backend !== 'jaeger' && backend !== 'serve') {
    const problem =
      backend === undefined ? 'You must give a backend: jaeger or serve' : `unknown backend ${JSON.stringify(backend)}`;
    throw new UsageError('InvalidArguments', problem, { hint: `for example: ${programName()} setup backend jaeger` });
  }
  const image = values.string('image') || undefined;
  if (image !== undefined && !/^[\w.:/@-]+$/.test(image)) throw invalid('image', image, 'must be the name of an image');
  if (image !== undefined && !isPinned(image)) {
    const hint = 'an image without one, or with "latest", changes whenever a node pulls it';
    throw new UsageError('InvalidValue', `--image ${image} must have a tag other than "latest", or a digest`, { hint });
  }
  if (backend === 'serve' && image === undefined) {
    throw new UsageError('ImageRequired', 'setup backend serve needs --image', {
      hint: 'an image with Node.js and kubectl-trace; docs/enable-tracing.md has its Dockerfile',
    });
  }
  return { kind: 'backend', backend, image };
}

/** Whether each node gets the same image. A colon before the last slash is the port of a registry. */
const isPinned = (image: string): boolean => /@sha256:[0-9a-f]+$/.test(image) || /:(?!latest$)[\w.-]+$/.test(image);

/** `user:NAME` or `group:NAME`. */
function subjectOf(values: FlagValues): { readonly kind: 'User' | 'Group'; readonly name: string } | undefined {
  const text = values.string('subject') || undefined;
  if (text === undefined) return undefined;
  const [, kind, name] = /^(user|group):(.+)$/s.exec(text) ?? [];
  if (name === undefined) throw invalid('subject', text, 'must be user:NAME or group:NAME');
  return { kind: kind === 'user' ? 'User' : 'Group', name };
}

/** It becomes the name of cluster objects (RFC 1123). */
function nameOf(values: FlagValues): string {
  const name = values.string('tracer-name') ?? '';
  if (/^[a-z0-9](?:[a-z0-9-]{0,50}[a-z0-9])?$/.test(name)) return name;
  throw invalid('tracer-name', name, 'must consist of lower-case letters, digits and "-", at most 52');
}

function refuseOthers(task: SetupTask, values: FlagValues): void {
  const { kind } = task;
  const other = Object.values(FLAGS_OF)
    .flat()
    .find((flag) => values.isGiven(flag) && !FLAGS_OF[kind].includes(flag));
  if (other === undefined) return;
  if (task.kind === 'files' && ['apply', 'undo', 'dry-run'].includes(other)) {
    throw new UsageError('InvalidArguments', `--${other} is not for this`, {
      hint: `setup ${task.setup ?? 'without a kind'} prints files and commands, and changes nothing; setup kubeadm --apply changes a node`,
    });
  }
  const owners = Object.keys(FLAGS_OF).filter((owner) => FLAGS_OF[owner as SetupTask['kind']].includes(other));
  throw new UsageError('InvalidArguments', `--${other} is not for this`, {
    hint: `it is for setup ${owners.map((owner) => OWNERS[owner] ?? owner).join(', setup ')}`,
  });
}

/** Names of tasks that are no arguments. */
const OWNERS: Readonly<Record<string, string>> = { files: 'KIND', kubeadm: 'kubeadm --apply' };

function unknownSubject(subject: string): UsageError {
  const known = [...SETUP_KINDS, ...SUBJECTS];
  const nearest = nearestName(subject, known);
  return new UsageError('UnknownKind', `unknown kind of cluster ${JSON.stringify(subject)}`, {
    hint:
      nearest === undefined
        ? `the kinds are ${SETUP_KINDS.join(', ')}; leave it out to have it detected`
        : `Did you mean "${nearest}"?`,
  });
}
