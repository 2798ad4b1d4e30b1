import type { Entry } from './entry.ts';

/** Rows that stand for several others. */
export const FOLDED: readonly Entry[] = [
  {
    name: '… N fast steps',
    summary: 'rows below 1 % of the whole, as one',
    since: 'any version: a row of kubectl trace',
    source: 'src/analysis/rows/fast-steps.ts',
    slow: 'never slow: a row of it would be drawn',
    next: '--full, which draws all rows',
    also: ['fast steps'],
    pattern: /^(?:… )?\d+ fast steps?$/,
  },
  {
    name: '×N NAME',
    summary: 'rows of one name, with the sum (Σ) of their times',
    about: 'The longest of them has its own row if it took twice the median.',
    since: 'any version: a row of kubectl trace',
    source: 'src/analysis/rows/fold.ts',
    slow: 'many calls, rather than slow ones',
    next: 'NAME in this glossary; --depth and -o wide',
    pattern: /^×\d+ .+$/,
  },
  {
    name: 'N METHODs',
    summary: 'requests of one kind, with the sum (Σ) of their times',
    about: 'Names in which they differ are in braces: /api/v1/nodes/{:name}.',
    since: 'any version: a row of kubectl trace',
    source: 'src/analysis/rows/repeated-requests.ts',
    slow: 'one request for each object, or the same request again and again',
    next: 'one list instead of many reads; a cache or a watch',
    pattern: /^\d+ (?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)(?:e?s)?(?:[,:] .+)?$/,
  },
  {
    name: 'N admission plug-ins',
    summary: 'quick admission plug-ins as one row',
    since: 'any version: a row of kubectl trace',
    source: 'src/analysis/kubernetes/measured-rows.ts',
    slow: 'a busy CPU: a slow plug-in gets its own row',
    next: '--full; the names of plug-ins in this glossary',
    also: ['admission plug-ins', 'plug-ins'],
    pattern: /^\d+ (?:admission )?plug-ins?$/,
  },
];
