import { brotliCompressSync, constants, deflateRawSync, gzipSync } from "node:zlib";
import { minted, reply, type Step } from "./servers";

type Bytes = string | Buffer;

/** Writes the head, then the piece without end, as fast as the other side reads. */
export const flood =
  (head: Bytes, piece: Bytes): Step =>
  (socket) => {
    const more = (): void => {
      for (let room = true; room && !socket.destroyed;) room = socket.write(piece);
    };
    socket.on("drain", () => setImmediate(more));
    if (socket.write(head)) more();
  };

/** Writes the head, then the piece every 10 ms without end. */
export const drip =
  (head: Bytes, piece: Bytes): Step =>
  (socket) => {
    socket.write(head);
    const timer = setInterval(() => socket.write(piece), 10);
    socket.on("close", () => {
      clearInterval(timer);
    });
  };

/** Writes a text a character each 10 ms, and blanks after it. */
export const trickle =
  (text: string, atOnce = ""): Step =>
  (socket) => {
    const rest = Array.from(text);
    socket.write(atOnce);
    const timer = setInterval(() => socket.write(rest.shift() ?? " "), 10);
    socket.on("close", () => {
      clearInterval(timer);
    });
  };

/** The fault for requests that change something; a store that is asked for its list has none. */
export const forWrites =
  (fault: Step): Step =>
  (socket, request) => {
    const step = /^(POST|DELETE) /.test(request) ? fault : reply(404);
    if (typeof step === "function") step(socket, request);
    else socket.end(step);
  };

const head = (...lines: string[]): string => ["HTTP/1.1 200 OK", ...lines, "", ""].join("\r\n");
const encoded = (encoding: string, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(head(`Content-Encoding: ${encoding}`, `Content-Length: ${body.length}`)), body]);
const BLOCK = Buffer.alloc(16_384, "x");
const MEGABYTE = Buffer.alloc(1_000_000, " ");
const GZIP_HEAD = Buffer.from("1f8b0800000000000003", "hex");
/** A full flush ends a block so that any number of them can follow each other. */
const packedBlock = (bytes: Buffer): Buffer => deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH });
/** A reply in gzip, up to its first block. */
export const GZIP = Buffer.concat([Buffer.from(head("Content-Encoding: gzip")), GZIP_HEAD]);
const chunk = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
const CHUNKED = head("Transfer-Encoding: chunked");

interface Endless {
  /** With the row of the catalogue, where it has one. */
  readonly title: string;
  readonly fault: Step;
}

/** Replies that have no end, or one that no memory should hold. */
export const FLOODS = {
  bomb: { title: "[N15] a gzip bomb of 50 MB", fault: encoded("gzip", gzipSync(Buffer.alloc(50_000_000, " "))) },
  bombs: { title: "[N15] a gzip bomb without end", fault: flood(GZIP, packedBlock(MEGABYTE)) },
  brotli: { title: "[N15] a brotli bomb of 64 MB", fault: encoded("br", brotli(64)) },
  hollow: { title: "[N15] gzip without end that yields nothing", fault: flood(GZIP, Buffer.alloc(10_000, "000000ffff", "hex")) },
  plain: { title: "[N16] a body without end", fault: flood(head("Content-Type: application/json"), BLOCK) },
  gigabyte: { title: "[N16] a body of 1 GB", fault: flood(head("Content-Length: 1000000000"), BLOCK) },
  blanks: { title: "[N16] a token and blanks without end", fault: flood(minted("a.b.c").replace(/Content-Length: \d+/, "A: b"), MEGABYTE) },
  chunks: { title: "[N16] chunks without end", fault: flood(CHUNKED, chunk(BLOCK)) },
  crumbs: { title: "[N16] chunks of one byte without end", fault: flood(CHUNKED, chunk(Buffer.from("x"))) },
  huge: { title: "[N16] one chunk without end", fault: flood(`${CHUNKED}fffffffffff\r\n`, BLOCK) },
  extension: { title: "[N16] a chunk's extension without end", fault: flood(`${CHUNKED}1;a=`, BLOCK) },
  trailers: { title: "[N16] trailers without end", fault: flood(`${CHUNKED}0\r\n`, "X-A: b\r\n".repeat(99)) },
  refusal: { title: "[N16] a refusal with a body without end", fault: flood("HTTP/1.1 400 No\r\n\r\n", BLOCK) },
  headers: { title: "[N17] headers without end", fault: flood("HTTP/1.1 200 OK\r\n", "X-A: b\r\n".repeat(99)) },
  header: { title: "[N17] a header without end", fault: flood("HTTP/1.1 200 OK\r\nX-A: ", BLOCK) },
  reason: { title: "[N17] a status line without end", fault: flood("HTTP/1.1 200 ", BLOCK) },
  lines: { title: "empty lines without end", fault: flood("", "\r\n".repeat(5_000)) },
  continues: { title: "100 Continue without end", fault: flood("", "HTTP/1.1 100 Continue\r\n\r\n".repeat(99)) },
  hints: { title: "103 Early Hints without end", fault: flood("", "HTTP/1.1 103 Hints\r\nLink: </a>; rel=preload\r\n\r\n".repeat(99)) },
} as const satisfies Readonly<Record<string, Endless>>; // prettier-ignore

export type Flood = keyof typeof FLOODS;

function brotli(megabytes: number): Buffer {
  return brotliCompressSync(Buffer.alloc(megabytes * 1_000_000, " "), {
    params: { [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS },
  });
}
