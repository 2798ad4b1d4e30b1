import { bytesOfBase64 } from './base64.ts';
import { COMPARED_ID, DATA_ID } from '../src/page/data-element.ts';

/** The document in this page, and the one that it is compared with. Rejects where one is missing or damaged. */
export async function readData(): Promise<{ readonly document: unknown; readonly compared: unknown }> {
  const shown = await readElement(DATA_ID);
  if (shown === undefined) throw new Error('there is no document in it');
  return { document: shown, compared: await readElement(COMPARED_ID) };
}

async function readElement(id: string): Promise<unknown> {
  const element = document.querySelector(`#${id}`);
  const text = element?.textContent;
  if (text == null || text === '') return undefined;
  const unpacked = new Blob([bytesOfBase64(text)]).stream().pipeThrough(new DecompressionStream('gzip'));
  const json = await new Response(unpacked).text();
  // The text is as large as everything made of it.
  element?.remove();
  return JSON.parse(json);
}
