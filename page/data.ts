import { DATA_ID } from '../src/page/data-element.ts';

/** The document in this page. Rejects where it is missing or damaged. */
export async function readData(): Promise<unknown> {
  const element = document.querySelector(`#${DATA_ID}`);
  const text = element?.textContent;
  if (text == null || text === '') throw new Error('there is no document in it');
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
