import { spawn, type ChildProcess } from 'node:child_process';
import { isatty } from 'node:tty';
import { ExitCode, TraceCommandError } from '../errors.ts';
import type { Environment } from '../runtime.ts';
import { isObject, parseJSON } from './json.ts';
import type { ClusterEntry, ExecEntry } from './kubeconfig-entry.ts';
import { controlCharacter } from './header-value.ts';

/** What an exec plugin has given. Nothing of it may be shown. */
export interface PluginCredential {
  readonly token: string | undefined;
  /** PEM, both or none. */
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/**
 * Runs the plugin of a user as client-go does (plugin/pkg/client/auth/exec/exec.go): its standard error is ours, so is its
 * standard input where it may ask the user something, and KUBERNETES_EXEC_INFO says for what it is run
 * (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins). Rejects with a
 * failed request when it gives no credentials, in kubectl's words.
 */
export async function runPlugin(
  exec: ExecEntry,
  cluster: ClusterEntry,
  env: Environment,
  hasTerminal: () => boolean = () => isatty(0),
): Promise<PluginCredential> {
  const { command = '' } = exec;
  const interactive = isInteractive(exec, hasTerminal);
  const info = JSON.stringify(execInfo(exec, cluster, interactive));
  const output = await outputOf(
    exec,
    command,
    { ...env, ...variablesOf(exec), KUBERNETES_EXEC_INFO: info },
    interactive,
  );
  return readCredential(output, exec);
}

function execInfo(exec: ExecEntry, cluster: ClusterEntry, interactive: boolean): object {
  return {
    kind: 'ExecCredential',
    apiVersion: apiVersionOf(exec),
    spec: {
      interactive,
      ...(exec.provideClusterInfo === true && {
        cluster: {
          server: cluster.server,
          'tls-server-name': cluster.tlsServerName,
          'insecure-skip-tls-verify': cluster.insecureSkipTLSVerify,
          'certificate-authority-data': cluster.certificateAuthorityData,
          'proxy-url': cluster.proxyURL,
          'disable-compression': cluster.disableCompression,
          config: cluster.execConfiguration,
        },
      }),
    },
  };
}

const apiVersionOf = (exec: ExecEntry): string => exec.apiVersion ?? 'client.authentication.k8s.io/v1';

function isInteractive(exec: ExecEntry, hasTerminal: () => boolean): boolean {
  switch (exec.interactiveMode) {
    case 'Never':
      return false;
    case 'Always':
      if (hasTerminal()) return true;
      throw failed('exec plugin cannot support interactive mode: standard input is not a terminal');
    default:
      return hasTerminal();
  }
}

function variablesOf({ env = [] }: ExecEntry): Record<string, string> {
  return Object.fromEntries(env.map(({ name = '', value = '' }) => [name, value]));
}

function outputOf(exec: ExecEntry, command: string, env: Environment, interactive: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const plugin = started(command, exec.args ?? [], { ...env }, interactive);
    const chunks: Buffer[] = [];
    plugin.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    plugin.once('error', (error: NodeJS.ErrnoException) => reject(notRun(error, exec, command)));
    plugin.once('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(chunks).toString('utf8'));
      else if (code !== null) reject(failed(`exec: executable ${command} failed with exit code ${code}`));
      else reject(failed(`exec: signal: ${signal ?? 'unknown'}`));
    });
  });
}

function started(command: string, args: readonly string[], env: NodeJS.ProcessEnv, interactive: boolean): ChildProcess {
  try {
    return spawn(command, args, { env, stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'inherit'] });
  } catch {
    // A command, an argument or a variable that no process can have, for example with a NUL in it.
    throw failed(`exec: fork/exec ${command}: invalid argument`);
  }
}

/** A name is looked up in PATH, a path is run (Go's os/exec). */
function notRun({ code }: NodeJS.ErrnoException, exec: ExecEntry, command: string): TraceCommandError {
  const hint = textOf(exec.installHint) ?? `install ${command}, or put it into PATH`;
  if (code === 'ENOENT' && !command.includes('/')) return failed(`exec: executable ${command} not found`, hint);
  const why = { ENOENT: 'no such file or directory', EACCES: 'permission denied' }[code ?? ''] ?? code;
  return failed(`exec: fork/exec ${command}: ${why}`, hint);
}

/** What it has printed is not quoted: it may hold some. */
function readCredential(output: string, exec: ExecEntry): PluginCredential {
  const document = parseJSON(Buffer.from(output));
  if (!isObject(document)) throw failed('decoding stdout: it is not JSON', 'an ExecCredential is wanted');
  const wanted = apiVersionOf(exec);
  if (document['apiVersion'] !== wanted) {
    const got = textOf(document['apiVersion']) ?? 'none';
    throw failed(`exec plugin is configured to use API version ${wanted}, plugin returned version ${got}`);
  }
  const { status } = document;
  if (!isObject(status)) throw failed("exec plugin didn't return a status field");
  const [token, certificate, key] = ['token', 'clientCertificateData', 'clientKeyData'].map((name) =>
    textOf(status[name]),
  );
  if (token === undefined && certificate === undefined && key === undefined) {
    throw failed("exec plugin didn't return a token or cert/key pair");
  }
  if ((certificate === undefined) !== (key === undefined)) {
    throw failed('exec plugin returned only certificate or key, not both');
  }
  const control = token === undefined ? undefined : controlCharacter(token);
  if (control !== undefined) throw failed(`exec plugin returned a token that contains ${control}`);
  return { token, certificate, key };
}

function failed(why: string, hint = 'kubectl runs the plugin in the same way'): TraceCommandError {
  const message = `Unable to connect to the server: getting credentials: ${why}`;
  return new TraceCommandError(ExitCode.requestFailed, 'CredentialPluginFailed', message, { hint });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
