import { decode } from "../files/read-text";
import { type Deployment, parseExport, readDeployment, type StateResource } from "./export";
import { parseJson } from "./json";

/** The backend writes compact JSON, in which a resource begins with its URN. */
const BEGIN = '"resources":[';
const OPEN = '{"urn":"';
const BETWEEN = Buffer.from(`},${OPEN}`);
const [QUOTE, COMMA] = Buffer.from('",');

/** Stands in for all resources but the last. */
const MARK = "(resources)";
const MARKER = JSON.stringify({ urn: MARK, type: "" });

/** Where a resource stands in the bytes of a state. */
interface Part {
  readonly at: number;
  readonly length: number;
  readonly resource: StateResource;
}

/** Reads the states of one stack, oldest first. A resource whose bytes are the same as before is the same object as before. */
export function createCheckpoints(): (bytes: Uint8Array, name: string) => Deployment {
  let before: Buffer = Buffer.alloc(0);
  let known: ReadonlyMap<string, Part> = new Map();

  // Each part must be JSON by itself. Undefined if one is not: then the bytes only look like a list of resources.
  const inParts = (bytes: Buffer, name: string): Deployment | undefined => {
    const begin = bytes.indexOf(BEGIN) + BEGIN.length;
    if (begin < BEGIN.length) return undefined;
    const parts = new Map<string, Part>();
    const resources: StateResource[] = [];
    let at = begin;
    for (;;) {
      const from = at + OPEN.length;
      const urn = bytes.toString("latin1", from, bytes.indexOf(QUOTE as number, from));
      const same = known.get(urn);
      const isSame =
        same !== undefined &&
        bytes[at + same.length] === COMMA &&
        bytes.compare(before, same.at, same.at + same.length, at, at + same.length) === 0;
      const end = isSame ? at + same.length : bytes.indexOf(BETWEEN, at) + 1;
      if (end === 0) break;
      const resource = isSame ? same.resource : readResource(bytes.subarray(at, end), name);
      if (!resource) return undefined;
      parts.set(urn, { at, length: end - at, resource });
      resources.push(resource);
      at = end + 1;
    }
    const head = decode(bytes.subarray(0, begin));
    const rest = parseExport(`${head}${MARKER},${decode(bytes.subarray(at))}`, name);
    const [mark, last, more] = rest.resources;
    if (mark?.urn !== MARK || !last || more) return undefined;
    before = bytes;
    known = parts;
    return { ...rest, resources: [...resources, last] };
  };

  return (bytes, name) => {
    try {
      const read = inParts(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), name);
      if (read) return read;
    } catch {
      // Reading the whole text below throws an error that says what is wrong.
    }
    return parseExport(decode(bytes), name);
  };
}

function readResource(bytes: Uint8Array, name: string): StateResource | undefined {
  return readDeployment({ resources: [parseJson(decode(bytes), name)] }, name).resources[0];
}
