import { bytesField, fixed64Field, message, textField, varintField } from '../../support/protobuf.ts';

/** The ID of the trace in `protobufTrace`. */
export const TRACE = '0af7651916cd43dd8448eb211c80319c';

const attribute = (key: string, value: string): Buffer =>
  message(textField(1, key), bytesField(2, textField(1, value)));

const span = message(
  bytesField(1, Buffer.from(TRACE, 'hex')),
  bytesField(2, Buffer.from('00f067aa0ba902b7', 'hex')),
  textField(5, 'GET /cart'),
  varintField(6, 2n),
  fixed64Field(7, 1_795_478_400_000_000_123n),
  fixed64Field(8, 1_795_478_400_002_500_523n),
  bytesField(9, attribute('audit-id', 'audit-1')),
  bytesField(13, message(bytesField(1, Buffer.alloc(16, 0xaa)), bytesField(2, Buffer.alloc(8, 0xbb)))),
);

/** A trace of one span of the API server, as OTLP in protobuf. */
export const protobufTrace = bytesField(
  1,
  message(bytesField(1, bytesField(1, attribute('service.name', 'apiserver'))), bytesField(2, bytesField(2, span))),
);
