import { ResponseTooLarge } from '../../response-bounds.ts';
import type { TransportError } from './exchange.ts';
import { cutError } from './read-error.ts';
import type { Destination } from './transport-error.ts';

/** Why a body could not be read, or not be decompressed once all of it was in. */
export function bodyError(error: unknown, destination: Destination, isIn: boolean): TransportError {
  if (error instanceof ResponseTooLarge) return tooLarge(error, destination);
  // A failure after the headers is the response's end, whatever caused it.
  return isIn ? decodingError(error) : cutError;
}

/** A body that ends too early is one that was cut off, any other is not what its header says. */
const decodingError = (error: unknown): TransportError =>
  (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR' ? cutError : undecodable;

const undecodable: TransportError = {
  reason: 'UndecodableAnswer',
  message: 'Unable to connect to the server: gzip: invalid header',
  hint: 'try --disable-compression: something between here and the server changes its responses',
};

const tooLarge = ({ bound }: ResponseTooLarge, { authority }: Destination): TransportError => ({
  reason: 'ResponseTooLarge',
  message: `the response of the server ${authority} is larger than the bound of ${bound}`,
  hint: 'request less at once (--chunk-size, a label selector, a namespace); --disable-compression lifts the bound of gzip',
});
