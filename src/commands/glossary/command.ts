import { BASIC_FLAGS } from '../../cli/arguments.ts';
import { OUTPUT_FLAGS } from '../../cli/options/output.ts';
import { defineCommand } from '../command.ts';
import { parseGlossary, type GlossaryInvocation } from './arguments.ts';

/** `glossary`. */
export const glossary = defineCommand<GlossaryInvocation>({
  summary: 'Explain the rows of a tree, without sending anything',
  usage: ['glossary', 'glossary NAME'],
  examples: [
    ['List all rows of API server, etcd, kubelet and containerd', 'glossary'],
    ['Explain one row by the name that the tree has', 'glossary cacher.GetList'],
    ['A part of the name that varies may stay', "glossary 'GuaranteedUpdate etcd3 (2 conflicts)'"],
  ],
  common: ['output', 'width'],
  flags: [...OUTPUT_FLAGS, ...BASIC_FLAGS],
  parse: ({ positionals, values }) => parseGlossary(positionals, values),
  load: async () => (await import('./run.ts')).runGlossary,
});
