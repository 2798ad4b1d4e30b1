import { SCHEDULING_RULES } from '../../src/pod/scheduling/table.ts';

/** Errors are many and read alike: docs/scheduling.md names their plugins alone. */
const isError = ({ plugin }: { readonly plugin: string }): boolean => plugin.startsWith('errors of ');

/** `Insufficient %v` as people read it: `Insufficient …`. */
const shown = (template: string): string => `\`${template.replaceAll('%q', '"…"').replaceAll(/%\+?[a-zA-Z]/g, '…')}\``;

/** The rows of docs/scheduling.md, as the code has them. */
export const schedulingTable = (): string[] =>
  SCHEDULING_RULES.map((rule) => {
    const says = isError(rule) ? 'errors, quoted' : rule.says.map(shown).join('<br>');
    return `| ${rule.plugin} | ${says} | ${rule.kinds.join(', ')} | ${rule.owner} |`;
  });
