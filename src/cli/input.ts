import { UsageError } from '../errors.ts';
import { parseStringSlice } from './string-slice.ts';
import type { FlagValues } from './values.ts';

/** `-f`: files and folders; "-" is standard input. */
export interface Files {
  readonly names: readonly string[];
  readonly recursive: boolean;
}

/** A text that is sent: given itself, or in a file ("-" is standard input). */
export type InputSource = { readonly text: string } | { readonly file: string };

/** The files of `-f`. Throws a UsageError without that flag. */
export function requiredFiles(values: FlagValues): Files {
  const files = filesOf(values);
  if (files !== undefined) return files;
  throw new UsageError('FilesRequired', 'must specify -f', { hint: '-f FILE, -f FOLDER, or -f - for standard input' });
}

/** The files of `-f`; undefined without that flag. */
export function filesOf(values: FlagValues): Files | undefined {
  const given = values.strings('filename');
  if (given === undefined) return undefined;
  const names = given.flatMap((value) => parseStringSlice(value) ?? '');
  if (names.some((name) => name === '' || name.includes('\0'))) {
    throw new UsageError('InvalidArguments', 'a file name is not valid', {
      hint: 'one with a comma or a quote in it is written in quotes, as in CSV: -f \'"a,b.yaml"\'',
    });
  }
  return { names, recursive: values.boolean('recursive') ?? false };
}

/** Input of a command, by the names in its invocation. */
interface Reading {
  readonly files?: Files;
  readonly target?: { readonly files?: Files } | object;
  readonly patch?: InputSource;
  readonly data?: InputSource;
}

/** Whether a command reads standard input, which is then not for anything else. */
export function readsStandardInput({ files, target = {}, patch, data }: Reading): boolean {
  const names = [files, 'files' in target ? target.files : undefined].flatMap((each) => each?.names ?? []);
  const sources = [patch, data].map((source) => (source !== undefined && 'file' in source ? source.file : ''));
  return [...names, ...sources].includes('-');
}
