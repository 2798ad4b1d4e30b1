import { drawFlags, type DrawFlags } from '../../cli/options/output.ts';
import type { FlagValues } from '../../cli/values.ts';
import { UsageError } from '../../errors.ts';
import { programName } from '../../format/program-name.ts';

export interface GlossaryInvocation {
  readonly kind: 'glossary';
  readonly draw: DrawFlags;
  /** The row to explain; undefined: list all. */
  readonly name: string | undefined;
}

/** The forms of `-o` that the glossary has. */
const FORMS: ReadonlySet<DrawFlags['output']> = new Set(['tree', 'wide', 'json', 'yaml', 'jsonpath', 'name']);

/** A name may have blanks, and needs no quotes: `glossary call validating webhook`. */
export function parseGlossary(positionals: readonly string[], values: FlagValues): GlossaryInvocation {
  const draw = drawFlags(values);
  if (!FORMS.has(draw.output) || draw.redact) {
    const flag = draw.redact ? '--redact' : `-o ${draw.output}`;
    throw new UsageError('InvalidArguments', `glossary has no ${flag}`, {
      hint: 'the list is printed with -o wide, json, yaml, jsonpath or name',
    });
  }
  const name = positionals.join(' ').trim();
  if (name === '' && positionals.length > 0) {
    throw new UsageError('InvalidArguments', 'the name of a row is empty', {
      hint: `${programName()} glossary lists all rows`,
    });
  }
  return { kind: 'glossary', draw, name: positionals.length === 0 ? undefined : name };
}
