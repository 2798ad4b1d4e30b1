import type { Look } from './look.ts';
import type { Report } from './report.ts';
import { drawScreen } from './screen.ts';
import { plainWidth } from './width.ts';

/** `drawScreen`, with exact widths: string-width is loaded when a text needs it, and most screens are plain. */
export async function drawMeasuredScreen(report: Report, look: Look): Promise<string> {
  let plain = true;
  const text = drawScreen(report, look, (unmeasured) => {
    plain = false;
    return plainWidth(unmeasured);
  });
  if (plain) return text;
  const { default: stringWidth } = await import('string-width');
  return drawScreen(report, look, stringWidth);
}
