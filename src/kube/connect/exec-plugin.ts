import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { isatty } from 'node:tty';
import { ExitCode, TraceCommandError } from '../../errors.ts';
import { systemErrorText } from '../../format/system-error.ts';
import { boundText } from '../../response-bounds.ts';
import { isWindows, type Platform } from '../../platform.ts';
import { programCall } from '../../program-call.ts';
import type { Environment } from '../../runtime.ts';
import { controlCharacter } from '../http/header-value.ts';
import { isObject, parseJSON } from '../json.ts';
import type { ClusterEntry, ExecEntry } from './kubeconfig-entry.ts';
import type { Kuberc } from './kuberc.ts';
import { cleanPath, lookPath } from './look-path.ts';
import { notAllowed } from './plugin-policy.ts';

/** A token, or a certificate and its key, takes some KiB. */
const MAX_BYTES = 1024 * 1024;
const WANTED = 'the plugin must print an ExecCredential and nothing else: run it alone to see its output';

/** Credentials that an exec plugin returned. None of it may be shown. */
export interface PluginCredential {
  readonly token: string | undefined;
  /** PEM, both or none. */
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/** On which terms a plugin runs. */
export interface PluginTerms {
  /** This process's environment: a plugin is looked up in its PATH, even if the plugin runs with another PATH. */
  readonly env: Environment;
  readonly platform: Platform;
  readonly kuberc: Pick<Kuberc, 'policy' | 'file' | 'warning'>;
  /** The reader of standard input that takes the plugin's place; undefined without one. */
  readonly inputUsedBy?: string | undefined;
  /** Says a line to the user. */
  readonly warn?: (line: string) => void;
  readonly hasTerminal?: () => boolean;
}

/**
 * Runs the plugin of a user as client-go does (plugin/pkg/client/auth/exec/exec.go): only if the kuberc's policy allows
 * it, with our standard error, and with our standard input if it may prompt the user. KUBERNETES_EXEC_INFO describes
 * the cluster it is run for
 * (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins). Rejects with
 * a failed request when it gives no credentials, in kubectl's words.
 */
export async function runPlugin(exec: ExecEntry, cluster: ClusterEntry, terms: PluginTerms): Promise<PluginCredential> {
  const { kuberc, platform, warn } = terms;
  const command = cleanPath(exec.command ?? '', platform);
  const interactive = isInteractive(exec, terms);
  if (kuberc.warning !== undefined) warn?.(kuberc.warning);
  const refusal = notAllowed(command, kuberc.policy, terms);
  if (refusal !== undefined) throw forbidden(refusal, command, kuberc.file);
  const info = JSON.stringify(execInfo(exec, cluster, interactive));
  const output = await outputOf(exec, command, terms, { interactive, info });
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

function isInteractive(exec: ExecEntry, { inputUsedBy, hasTerminal = () => isatty(0) }: PluginTerms): boolean {
  switch (exec.interactiveMode) {
    case 'Never':
      return false;
    case 'Always': {
      const why = 'exec plugin cannot support interactive mode: standard input';
      if (!hasTerminal()) throw failed(`${why} is not a terminal`);
      if (inputUsedBy === undefined) return true;
      throw failed(
        `${why} is unavailable: used by ${inputUsedBy}`,
        'the plugin prompts its user, which needs the terminal',
      );
    }
    default:
      return inputUsedBy === undefined && hasTerminal();
  }
}

/** Variables of the plugin. Names are in capitals on Windows, as ours: there their case does not count, and the plugin's win. */
function variablesOf({ env = [] }: ExecEntry, platform: Platform): Record<string, string> {
  const nameOf = (name: string): string => (isWindows(platform) ? name.toUpperCase() : name);
  return Object.fromEntries(env.map(({ name = '', value = '' }) => [nameOf(name), value]));
}

function outputOf(
  exec: ExecEntry,
  command: string,
  { env, platform }: PluginTerms,
  { interactive, info }: { readonly interactive: boolean; readonly info: string },
): Promise<string> {
  // A name is looked up in our PATH, as Go does it; the plugin may be given another one.
  const isPath = platform.path.basename(command) !== command;
  const found = isPath && !isWindows(platform) ? { path: command } : lookPath(command, { env, platform });
  if (!('path' in found)) throw notRun({ code: 'ENOENT' }, exec, isPath, command);
  const call = programCall(found.path, exec.args ?? [], env, platform);
  if (call === undefined)
    throw failed(`exec: ${command} is a batch file, and an argument has a quote, a % or a line break`);
  const theirs = { ...env, ...variablesOf(exec, platform), KUBERNETES_EXEC_INFO: info };
  return new Promise((resolve, reject) => {
    const stdio: SpawnOptions['stdio'] = [interactive ? 'inherit' : 'ignore', 'pipe', 'inherit'];
    const { file, args, ...how } = call;
    const plugin = started(file, args, { env: theirs, argv0: file === found.path ? command : file, stdio, ...how });
    const chunks: Buffer[] = [];
    let size = 0;
    plugin.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= MAX_BYTES) return;
      plugin.stdout?.destroy();
      plugin.kill();
      // The command does not wait for a plugin that goes on.
      plugin.unref();
      reject(failed(`exec: executable ${command} printed more than ${boundText(MAX_BYTES)}`, WANTED));
    });
    plugin.once('error', (error: NodeJS.ErrnoException) => reject(notRun(error, exec, isPath, command)));
    plugin.once('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(chunks).toString('utf8'));
      else if (code !== null) reject(failed(`exec: executable ${command} failed with exit code ${code}`));
      else reject(failed(`exec: signal: ${signal ?? 'unknown'}`));
    });
  });
}

function started(path: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  try {
    return spawn(path, args, options);
  } catch {
    // A command, an argument or a variable that no process can have, for example with a NUL in it.
    throw failed(`exec: fork/exec ${path}: invalid argument`);
  }
}

/** A name is looked up in PATH, a path is run (Go's os/exec). */
function notRun(
  { code }: { readonly code?: string | undefined },
  exec: ExecEntry,
  isPath: boolean,
  command: string,
): TraceCommandError {
  const hint = textOf(exec.installHint) ?? `install ${command}, or put it into PATH`;
  if (code === 'ENOENT' && !isPath) return failed(`exec: executable ${command} not found`, hint);
  return failed(`exec: fork/exec ${command}: ${systemErrorText({ code, message: String(code) })}`, hint);
}

/** Its output is not quoted: it may hold credentials. */
function readCredential(output: string, exec: ExecEntry): PluginCredential {
  const document = parseJSON(Buffer.from(output));
  if (!isObject(document)) throw failed('decoding stdout: it is not JSON', WANTED);
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

function forbidden(why: string, command: string, file: string | undefined): TraceCommandError {
  const entry = `command: ${command}`;
  const hint = `${file ?? 'the kuberc'} says which plugins may run; credentialPluginPolicy: Allowlist with "${entry}" in credentialPluginAllowlist lets this one run`;
  return failed(why, hint, 'CredentialPluginNotAllowed');
}

function failed(
  why: string,
  hint = 'kubectl runs the plugin in the same way',
  reason = 'CredentialPluginFailed',
): TraceCommandError {
  const message = `Unable to connect to the server: getting credentials: ${why}`;
  return new TraceCommandError(ExitCode.requestFailed, reason, message, { hint });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
