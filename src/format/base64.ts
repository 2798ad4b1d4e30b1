/* Bytes as texts. The build of the page puts page/base64.ts in the place of this module: a browser has no Buffer. */

export const base64Of = (bytes: Uint8Array): string => viewOf(bytes).toString('base64');

export const hexOf = (bytes: Uint8Array): string => viewOf(bytes).toString('hex');

/** Both alphabets of base64, with padding or without. */
export const bytesOfBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

const viewOf = ({ buffer, byteOffset, length }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, length);
