import { UsageError } from '../../errors.ts';
import { readFile } from '../../files.ts';
import type { Platform } from '../../platform.ts';
import type { Runtime } from '../../runtime.ts';
import { cannotOpen } from './kubeconfig-validation.ts';
import { readPreference, type Preference } from './kuberc-document.ts';
import { ALLOW_ALL, policyFault, type PluginPolicy } from './plugin-policy.ts';

/** The policy of the user's kuberc for credential plugins. */
export interface Kuberc {
  readonly policy: PluginPolicy;
  /** As it was named; undefined when none was read. */
  readonly file: string | undefined;
  /** Entries that were ignored, in kubectl's words. Printed before any plugin runs that they may concern. */
  readonly warning: string | undefined;
  /** Names of kubectl's aliases. */
  readonly aliases: readonly string[];
  /** kubectl's commands that have default flags. */
  readonly commands: readonly string[];
}

const NONE: Kuberc = { policy: ALLOW_ALL, file: undefined, warning: undefined, aliases: [], commands: [] };

type KubercSources = Pick<Runtime, 'env' | 'cwd' | 'home' | 'platform'>;

/**
 * Reads the policy for credential plugins as kubectl 1.37 does (k8s.io/kubectl pkg/kuberc/kuberc.go): from the file of
 * --kuberc, else of KUBERC, else ~/.kube/kuberc; KUBERC=off reads none. A file that is named must be there and be good.
 * The default one may be missing, and when it is no kuberc at all it is passed over with a warning. A policy that
 * contradicts itself is refused wherever it stands. Rejects with a UsageError.
 */
export async function loadKuberc(explicit: string | undefined, runtime: KubercSources): Promise<Kuberc> {
  const { env } = runtime;
  if (env['KUBECTL_KUBERC']?.toLowerCase() === 'false') {
    if (explicit === undefined) return NONE;
    throw invalid('unknown flag: --kuberc', 'KUBECTL_KUBERC=false in the environment turns it off');
  }
  // An unset variable behind the flag must not choose another policy.
  if (explicit === '') throw invalid('kuberc file is not found', '--kuberc FILE names it');
  const { file, isNamed } = locate(explicit, runtime);
  if (file === undefined) return NONE;
  let preference: Preference | undefined;
  try {
    const bytes = await readBytes(file, runtime);
    if (bytes === undefined && !isNamed) return NONE;
    if (bytes === undefined) throw new Error(`open ${file}: no such file or directory`);
    preference = await readPreference(bytes, file, runtime.platform);
  } catch (error) {
    const { message } = error as Error;
    if (isNamed) throw invalid(`kuberc: ${message}`, 'KUBERC=off reads none');
    return { ...NONE, file, warning: `kuberc: no preferences loaded from ${file}: ${message}` };
  }
  if (preference === undefined) return { ...NONE, file };
  const fault = faultOf(preference, runtime.platform);
  if (fault !== undefined) throw invalid(`kuberc: ${fault}`, `it stands in ${file}`);
  const [unknown] = preference.unknown;
  const warning = `kuberc: ignoring strict decoding error in ${file}: unknown field ${JSON.stringify(unknown)}`;
  return {
    policy: preference.policy,
    file,
    warning: unknown === undefined ? undefined : warning,
    aliases: preference.aliases.map(({ name }) => name),
    commands: preference.commands,
  };
}

function locate(
  explicit: string | undefined,
  { env, home, platform }: KubercSources,
): { file?: string; isNamed: boolean } {
  const usual = platform.path.join(home, '.kube', 'kuberc');
  const fromEnvironment = env['KUBERC'] ?? '';
  if (fromEnvironment === 'off') {
    if (explicit === undefined) return { isNamed: false };
    const message = 'disabling kuberc via KUBERC=off and passing kuberc flag are mutually exclusive';
    throw invalid(message, 'leave one of them out');
  }
  // The variable also wins over the flag when that names the usual file.
  if ((explicit ?? usual) === usual && fromEnvironment !== '') return { file: fromEnvironment, isNamed: true };
  return { file: explicit ?? usual, isNamed: explicit !== undefined };
}

/** Undefined when it does not exist. */
async function readBytes(file: string, { cwd, platform }: KubercSources): Promise<Uint8Array | undefined> {
  try {
    return await readFile(platform.path.resolve(cwd, file));
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    if (failure.code === 'ENOENT') return undefined;
    throw new Error(failure.code === 'EISDIR' ? `read ${file}: is a directory` : cannotOpen(file, failure), {
      cause: error,
    });
  }
}

/** kubectl refuses all of a file for these, so that it cannot be meant otherwise than it is read (kuberc.go, validate). */
function faultOf({ policy, aliases, options }: Preference, platform: Platform): string | undefined {
  const names = new Set<string>();
  for (const { name, options: own } of aliases) {
    if (!/^[a-zA-Z]+$/.test(name)) return 'invalid alias name, can only include alphabetical characters';
    const fault = flagFault(own);
    if (fault !== undefined) return fault;
    if (names.has(name)) return `duplicate alias name ${name}`;
    names.add(name);
  }
  return flagFault(options) ?? policyFault(policy, platform);
}

function flagFault(names: readonly string[]): string | undefined {
  const wrong = names.find((name) => name.startsWith('-'));
  return wrong === undefined ? undefined : `flag name ${wrong} should be in long form without dashes`;
}

const invalid = (message: string, hint: string): UsageError => new UsageError('InvalidKuberc', message, { hint });
