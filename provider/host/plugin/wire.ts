import type * as grpc from "@grpc/grpc-js";

/** The messages in a message, by their field numbers. All other fields are numbers, strings and bytes. */
interface Shape {
  [field: number]: Shape;
}

const VALUE: Shape = {};
const STRUCT: Shape = { 1: { 2: VALUE } };
Object.assign(VALUE, { 5: STRUCT, 6: { 1: VALUE } });

/** Source: pulumi/pulumi proto/pulumi/provider.proto. */
const CHECK: Shape = { 2: STRUCT, 3: STRUCT, 8: {}, 9: STRUCT };
const DIFF: Shape = { 3: STRUCT, 4: STRUCT, 6: STRUCT };
const REQUESTS: Readonly<Record<string, Shape>> = {
  ...{ checkConfig: CHECK, check: CHECK, diffConfig: DIFF, diff: DIFF },
  configure: { 1: {}, 2: STRUCT },
  create: { 2: STRUCT },
  read: { 3: STRUCT, 4: STRUCT, 9: {} },
  update: { 3: STRUCT, 4: STRUCT, 8: STRUCT, 13: {} },
  delete: { 3: STRUCT, 5: STRUCT, 10: {} },
};

/**
 * Refuses requests that are cut or malformed. The parser of google-protobuf 3 reads beyond the end of a message: it takes a
 * cut text as it is, and a length of 4 GB keeps the process busy for minutes.
 */
export function withStrictRequests(service: grpc.ServiceDefinition): grpc.ServiceDefinition {
  const methods = Object.entries(service).map(([name, method]) => {
    const requestDeserialize: typeof method.requestDeserialize = (bytes) => {
      if (!isWellFormed(bytes, REQUESTS[name] ?? {})) throw new Error("the request is malformed");
      return method.requestDeserialize(bytes) as object;
    };
    return [name, { ...method, requestDeserialize }];
  });
  return Object.fromEntries(methods) as grpc.ServiceDefinition;
}

/** Whether each field ends within its message. Source: protobuf.dev/programming-guides/encoding. */
function isWellFormed(bytes: Uint8Array, shape: Shape, from = 0, end = bytes.length): boolean {
  let at = from;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; at < end; factor *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
    return Infinity;
  };
  while (at < end) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        if (varint() === Infinity) return false;
        break;
      case 1:
        at += 8;
        break;
      case 2: {
        const length = varint();
        if (length > end - at) return false;
        const nested = shape[field];
        if (nested && !isWellFormed(bytes, nested, at, at + length)) return false;
        at += length;
        break;
      }
      case 5:
        at += 4;
        break;
      default:
        return false;
    }
  }
  return at === end;
}
