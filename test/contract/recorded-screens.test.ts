import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import stringWidth from 'string-width';
import { UNICODE } from '../../src/render/look.ts';
import { drawPodScreen } from '../../src/render/pod/screen.ts';
import { imageOf, pictures, readPicture } from '../lab/screens/pictures.ts';
import { draw, fileOf, firstScreen, textScreens } from '../lab/screens/screens.ts';
import { recordedPods } from '../support/recorded-pods.ts';

const LOOK = { colour: false, glyphs: UNICODE };

/**
 * The first screen of each document is a recorded one, drawn by the code of today, and so are the pictures. After a change
 * on purpose, `npm run record:screens -- --draw` draws them again; that of docs/pod.md is to be copied from the failed test.
 */
suite('screens in documents', () => {
  for (const screen of textScreens) {
    test(`${screen.page}: the first screen is what the program prints of a recorded document`, () => {
      assert.equal(firstScreen(screen.page), draw(screen));
    });
  }

  test('docs/pod.md: the first screen is what the program prints for a pod without an image', async () => {
    const pods = await recordedPods('absent-image', 'final');
    assert.equal(firstScreen('docs/pod.md'), drawPodScreen(pods, { columns: 100, ...LOOK }, stringWidth).trimEnd());
  });
});

suite('pictures in README.md', () => {
  for (const picture of pictures) {
    test(`${picture.path} is what -o svg prints of a recorded run`, async () => {
      const svg = readPicture(picture);
      assert.equal(svg, await picture.draw());
      assert.ok(readFileSync(fileOf('README.md'), 'utf8').includes(imageOf(picture.path, svg)));
    });
  }
});
