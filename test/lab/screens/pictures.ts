import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { UNICODE, type Look } from '../../../src/render/look.ts';
import { OUTPUTS } from '../../../src/render/outputs.ts';
import { POD_OUTPUTS } from '../../../src/render/pod/outputs.ts';
import { recordedPods } from '../../support/recorded-pods.ts';
import { fileOf, readRecording } from './screens.ts';

/** A picture of README.md: what `-o svg` prints of a recorded run. */
export interface Picture {
  /** From the project's folder. */
  readonly path: string;
  readonly draw: () => Promise<string>;
}

/** As wide as GitHub shows a page without making a picture smaller than its texts. */
const LOOK: Look = { columns: 100, colour: false, glyphs: UNICODE };

export const pictures: readonly Picture[] = [
  {
    path: 'docs/pictures/get-nodes.svg',
    draw: async () => OUTPUTS.svg()(readRecording('get-nodes-without-tracing'), LOOK),
  },
  {
    path: 'docs/pictures/pod-crash-loop.svg',
    draw: async () => POD_OUTPUTS.svg()(await recordedPods('crash-loop', 'final'), LOOK),
  },
];

export const readPicture = ({ path }: Picture): string => readFileSync(fileOf(path), 'utf8');

/** A reader who does not see the picture reads its title. */
export const imageOf = (path: string, svg: string): string => `![${/<title>([^]*?)<\/title>/.exec(svg)?.[1]}](${path})`;

/** Draws the pictures again, with their titles in README.md. */
export async function redrawPictures(): Promise<void> {
  mkdirSync(fileOf('docs/pictures/'), { recursive: true });
  for (const { path, draw } of pictures) {
    const svg = await draw();
    writeFileSync(fileOf(path), svg);
    const readme = readFileSync(fileOf('README.md'), 'utf8');
    const withImage = readme.replace(/!\[[^\]]*\]\(([^)]*)\)/g, (image, shown) =>
      shown === path ? imageOf(path, svg) : image,
    );
    writeFileSync(fileOf('README.md'), withImage);
  }
}
