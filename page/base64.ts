/* The functions of src/format/base64.ts, in a browser. */

/** A function has no more arguments than this in every browser. */
const PART = 8192;

export function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += PART) binary += String.fromCharCode(...bytes.subarray(at, at + PART));
  return btoa(binary);
}

export function hexOf(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

/** Both alphabets of base64, with padding or without; what is neither is left out, as by Node.js. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  const letters = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/=.*$|[^A-Za-z\d+/]/g, '');
  const binary = atob(letters.length % 4 === 1 ? letters.slice(0, -1) : letters);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
