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
  const unpacked = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream('gzip'));
  const json = await new Response(unpacked).text();
  // The text is as large as everything made of it.
  element?.remove();
  return JSON.parse(json);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
