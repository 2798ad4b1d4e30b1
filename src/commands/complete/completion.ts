import { escapeText } from '../../render/escape.ts';

/** A word that may stand at the cursor. */
export interface Choice {
  readonly value: string;
  /** Shells show it beside the value. */
  readonly text?: string | undefined;
}

/** Instructions for the shell, as bits (ShellCompDirective in github.com/spf13/cobra, completions.go). */
export const Directive = {
  /** Files are offered where there is no choice. */
  files: 0,
  /** The last choice is not followed by a space. */
  noSpace: 2,
  noFiles: 4,
  /** The choices are extensions, and files that have one are offered. */
  extensions: 8,
  /** Only folders are offered. */
  folders: 16,
  /** The shell does not sort the choices. */
  keepOrder: 32,
} as const;

/** The choices of a shell. */
export interface Completion {
  readonly choices: readonly Choice[];
  /** One or several of `Directive`. */
  readonly directive: number;
}

export const NOTHING: Completion = { choices: [], directive: Directive.noFiles };
export const FILES: Completion = { choices: [], directive: Directive.files };

/** The choices that begin with what was typed. Where each needs more text behind it, none is followed by a space. */
export function choose(choices: readonly Choice[], typed: string, directive: number = Directive.noFiles): Completion {
  const found = choices.filter(({ value }) => value.startsWith(typed));
  const needsMore = found.length > 0 && found.every(({ value }) => /[=/]$/.test(value));
  return { choices: found, directive: needsMore ? directive | Directive.noSpace : directive };
}

/**
 * Letters, digits and signs that no shell acts on: a choice goes into the command line as it is. What else a name holds,
 * of a cluster or a file, is not offered.
 */
const HARMLESS = /^[\p{L}\p{N}./^_@%+,-][\p{L}\p{N}./^_@%+:,=~-]*$/u;

/** No screen shows more of a text beside a choice. */
const MAX_TEXT = 200;

/** A choice in each line, and the directive in the last one. `typed` decides whether flags may be chosen. */
export function completionText({ choices, directive }: Completion, typed: string): string {
  const mayBeFlag = typed.startsWith('-');
  const lines = choices
    .filter(({ value }) => HARMLESS.test(value) && (mayBeFlag || !value.startsWith('-') || value === '--'))
    .map(({ value, text = '' }) => (text === '' ? value : `${value}\t${escapeText(text.slice(0, MAX_TEXT))}`));
  return [...new Set(lines), `:${directive}`, ''].join('\n');
}

/** Reads what a program of cobra's prints. Undefined where it ends without a directive, or with an error's. */
export function readCompletion(output: string): Completion | undefined {
  const lines = output.split('\n').filter((line) => line !== '');
  const directive = Number(/^:(\d{1,3})$/.exec(lines.pop() ?? '')?.[1] ?? 1);
  if ((directive & 1) !== 0) return undefined;
  const choices = lines.map((line) => {
    const [value = '', ...texts] = line.split('\t');
    return { value, text: texts.join(' ') };
  });
  return { choices, directive };
}
