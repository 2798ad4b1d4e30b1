import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NAMES_WITH_VALUE } from '../../../src/cli/kubectl-connection.ts';

/** kubectl itself, or in its place `kubectl trace run -- kubectl` or `kubectl trace`. */
export const CLIENTS = ['kubectl', 'run', 'trace'] as const;
export type Client = (typeof CLIENTS)[number];

const program = fileURLToPath(new URL('../../../bin/kubectl-trace', import.meta.url));

/** Where the suite expects what it builds. */
const binaries = (root: string): string => join(root, '_output/bin');

/** Puts a `kubectl` in place that is one of the clients. `TRACE_CLIENT` says which; without it kubectl itself is run. */
export async function installClients(root: string, paths: Readonly<Record<string, string>>): Promise<void> {
  const folder = binaries(root);
  await mkdir(folder, { recursive: true });
  await copyFile(paths['kubectl-convert']!, join(folder, 'kubectl-convert'));
  await writeFile(join(folder, 'kubectl'), script(dirname(paths['kubectl']!)));
  await chmod(join(folder, 'kubectl'), 0o755);
}

/** Commands that are ours where `trace` stands before them; kubectl's are reached by `run --`. */
const OURS = 'get|create|apply|replace|patch|delete|version|completion|help|options';
/** Flags of kubectl whose value is the next argument, where they stand before the command. */
const VALUED = ['-n', '-s', '-v', '--v', ...[...NAMES_WITH_VALUE].map((name) => `--${name}`)].join('|');

/**
 * `kubectl trace` in the place of kubectl: flags before the command are moved behind it, as before it they would be
 * those of kubectl trace.
 */
const script = (folder: string): string => `#!/bin/bash
export PATH=${folder}:$PATH
[ "\${TRACE_CLIENT:-kubectl}" = kubectl ] && exec kubectl "$@"
export KUBECTL_TRACE_WAIT=0 KUBECTL_TRACE_NO_HISTORY=true
# The suite may leave nothing but kubectl on the PATH.
output=$TRACE_FOLDER/$BASHPID-$RANDOM$RANDOM
run() { exec ${program} run --trace-output "$output" -o json -- kubectl "$@"; }
[ "$TRACE_CLIENT" = run ] && run "$@"
before=()
rest=("$@")
while [ \${#rest[@]} -gt 0 ]; do
  case \${rest[0]} in
    ${VALUED}) before+=("\${rest[@]:0:2}"); rest=("\${rest[@]:2}") ;;
    -*) before+=("\${rest[0]}"); rest=("\${rest[@]:1}") ;;
    *) break ;;
  esac
done
case \${rest[0]-} in
  ''|${OURS}) run "$@" ;;
esac
exec ${program} --trace-output "$output" -o json "\${rest[0]}" "\${before[@]}" "\${rest[@]:1}"
`;
