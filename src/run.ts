import type { Invocation } from './commands/invocation.ts';
import { parse } from './commands/parse.ts';
import { wantedOutput } from './commands/wanted-output.ts';
import { failWithoutRequest } from './tracing/errors.ts';
import { ExitCode, TraceCommandError } from './errors.ts';
import type { Runtime } from './runtime.ts';

/**
 * A command from its arguments to its exit code: an ExitCode, or that of the command that it ran. Rejects only for what is
 * a fault of this program.
 */
export async function run(argv: readonly string[], runtime: Runtime, version: string): Promise<number> {
  let invocation: Invocation | undefined;
  try {
    invocation = parse(argv, runtime.env);
    return await dispatch(invocation, runtime, version);
  } catch (error) {
    if (!(error instanceof TraceCommandError)) throw error;
    const args = invocation !== undefined && 'args' in invocation ? invocation.args : [];
    const output = wantedOutput(argv, runtime.env);
    const asked =
      invocation?.kind === 'pod' ? { pod: { ...invocation, namespace: invocation.connection.namespace ?? null } } : {};
    return failWithoutRequest(error, { output, args, verb: invocation?.kind ?? null, version, ...asked }, runtime);
  }
}

async function dispatch(invocation: Invocation, runtime: Runtime, version: string): Promise<number> {
  switch (invocation.kind) {
    case 'get': {
      const { runGet } = await import('./commands/get/run.ts');
      return runGet(invocation, runtime, version);
    }
    case 'create':
    case 'apply':
    case 'replace': {
      const files = await import('./commands/write/run.ts');
      if (invocation.kind === 'create') return files.runCreate(invocation, runtime, version);
      if (invocation.kind === 'apply') return files.runApply(invocation, runtime, version);
      return files.runReplace(invocation, runtime, version);
    }
    case 'patch': {
      const { runPatch } = await import('./commands/patch/run.ts');
      return runPatch(invocation, runtime, version);
    }
    case 'delete': {
      const { runDelete } = await import('./commands/delete/run.ts');
      return runDelete(invocation, runtime, version);
    }
    case 'raw': {
      const { runRaw } = await import('./commands/raw/run.ts');
      return runRaw(invocation, runtime, version);
    }
    case 'run': {
      const { runCommand } = await import('./commands/run/run.ts');
      return runCommand(invocation, runtime, version);
    }
    case 'pod': {
      const { runPod } = await import('./commands/pod/run.ts');
      return runPod(invocation, runtime, version);
    }
    case 'show': {
      const { runShow } = await import('./commands/show/run.ts');
      return runShow(invocation, runtime, version);
    }
    case 'serve': {
      const { runServe } = await import('./commands/serve/run.ts');
      return runServe(invocation, runtime, version);
    }
    case 'help': {
      const { helpText } = await import('./commands/help.ts');
      runtime.out.write(helpText(invocation.topic));
      return ExitCode.ok;
    }
    case 'version':
      runtime.out.write(`kubectl-trace v${version}\n`);
      return ExitCode.ok;
    default:
      return invocation satisfies never;
  }
}
