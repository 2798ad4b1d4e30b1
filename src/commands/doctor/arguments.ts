import { commonArguments, BASIC_FLAGS, type CommandLine, type CommonArguments } from '../../cli/arguments.ts';
import type { Flag } from '../../cli/flag.ts';
import { BACKEND_FLAGS } from '../../cli/options/backend.ts';
import { LOOKUP_FLAGS } from '../../cli/options/lookup.ts';
import { OUTPUT_FLAGS } from '../../cli/options/output.ts';
import { UsageError } from '../../errors.ts';

const OWN_FLAGS: readonly Flag[] = [
  {
    name: 'tracing-config-file',
    type: 'string',
    group: 'lookup',
    placeholder: 'FILE',
    help: 'Copy of the file that kube-apiserver has as --tracing-config-file: the API does not show its endpoint and its sampling rate',
  },
];

const LOOKUP_NAMES: ReadonlySet<string> = new Set(['backend', 'tracer-user']);

/** A diagnosis has no rows of a trace to choose. */
const SCREEN_NAMES: ReadonlySet<string> = new Set(['output', 'color', 'ascii', 'width']);

/** The forms of `-o` that a diagnosis has. */
const FORMS = ['tree', 'wide', 'json', 'yaml', 'jsonpath=TEMPLATE'];

function withoutTraces(flag: Flag): Flag {
  return flag.name === 'output' ? { ...flag, choices: FORMS, help: 'Output format of the checks' } : flag;
}

export const DOCTOR_FLAGS: readonly Flag[] = [
  ...OWN_FLAGS,
  ...LOOKUP_FLAGS.filter(({ name }) => LOOKUP_NAMES.has(name)),
  ...BACKEND_FLAGS,
  ...OUTPUT_FLAGS.filter(({ name }) => SCREEN_NAMES.has(name)).map(withoutTraces),
  ...BASIC_FLAGS,
];

export interface DoctorInvocation extends CommonArguments {
  readonly kind: 'doctor';
  /** Path of a TracingConfiguration. */
  readonly file: string | undefined;
}

/** `doctor`'s own arguments. */
export function parseDoctor(line: CommandLine): DoctorInvocation {
  const { positionals, values } = line;
  const [word] = positionals;
  if (word !== undefined) {
    throw new UsageError('InvalidArguments', `doctor takes no arguments, and "${word}" was given`, {
      hint: 'another cluster is chosen with --context NAME',
    });
  }
  const common = commonArguments(line);
  // From the environment: a diagnosis names the cluster.
  if (common.draw.redact) throw new UsageError('InvalidArguments', 'doctor has no --redact');
  return { kind: 'doctor', ...common, file: values.string('tracing-config-file') };
}
