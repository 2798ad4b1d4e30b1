import { FONT_SIZE } from './grid.ts';

/** Colours of a picture. All but the last two carry meaning. */
export interface Palette {
  readonly background: string;
  readonly text: string;
  readonly dim: string;
  readonly red: string;
  readonly yellow: string;
  /** Own time. */
  readonly own: string;
  /** Time in the rows below, and inferred time. */
  readonly line: string;
  /** The lines that lead to the rows. */
  readonly branch: string;
  /** The border and the lines of the axis. */
  readonly grid: string;
}

export const LIGHT: Palette = {
  background: '#ffffff',
  text: '#1c2128',
  dim: '#57606a',
  red: '#c4232c',
  yellow: '#8a5a00',
  own: '#1f6feb',
  line: '#6b7480',
  branch: '#a3abb5',
  grid: '#dfe3e8',
};

export const DARK: Palette = {
  background: '#0f141a',
  text: '#e4e9ef',
  dim: '#9aa4af',
  red: '#ff7d73',
  yellow: '#e0a93b',
  own: '#539bf5',
  line: '#8f99a5',
  branch: '#56606b',
  grid: '#2a323c',
};

const FONTS = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace';

/**
 * Explicit colours for every class, because not every viewer knows variables. A text is shown in the order of its
 * characters, as on most terminals: letters of a script that is written from the right cannot move others.
 */
export const STYLE = [
  `text{font:${FONT_SIZE}px ${FONTS};white-space:pre;direction:ltr;unicode-bidi:bidi-override}`,
  '.b{font-weight:bold}.l,.g,.u,.i,.c{fill:none}.u{stroke-width:2}.i{stroke-width:7;stroke-dasharray:2 2}',
  '.l,.g{shape-rendering:crispEdges}.k{stroke-dasharray:2 2}',
  coloursOf(LIGHT),
  `@media (prefers-color-scheme:dark){${coloursOf(DARK)}}`,
].join('\n');

function coloursOf({ background, text, dim, red, yellow, own, line, branch, grid }: Palette): string {
  const marked = (name: string, colour: string): string =>
    `text.${name},tspan.${name},.o.${name}{fill:${colour}}.c.${name},.u.${name},.i.${name}{stroke:${colour}}`;
  return [
    `.bg{fill:${background};stroke:${grid}}`,
    `text{fill:${text}}tspan.d{fill:${dim}}`,
    `.o{fill:${own}}.c{stroke:${own}}.u,.i{stroke:${line}}.l{stroke:${branch}}.g{stroke:${grid}}`,
    marked('r', red),
    marked('y', yellow),
  ].join('');
}
