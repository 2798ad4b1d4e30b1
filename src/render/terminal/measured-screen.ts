import type { Look } from '../look.ts';
import type { Report } from '../../report/report.ts';
import { plainWidth, type MeasureText } from './width.ts';

export type DrawMeasured = (report: Report, look: Look, measure: MeasureText) => string;

export const drawMeasured = (draw: DrawMeasured, report: Report, look: Look): Promise<string> =>
  drawWith((measure) => draw(report, look, measure));

/** Draws with exact widths: string-width is loaded when a text needs it, and most screens are plain. */
export async function drawWith(draw: (measure: MeasureText) => string): Promise<string> {
  let plain = true;
  const text = draw((unmeasured) => {
    plain = false;
    return plainWidth(unmeasured);
  });
  if (plain) return text;
  const { default: stringWidth } = await import('string-width');
  return draw(stringWidth);
}

/** The screen is loaded when it is drawn. */
export const drawMeasuredScreen = async (report: Report, look: Look): Promise<string> =>
  drawMeasured((await import('./screen.ts')).drawScreen, report, look);
