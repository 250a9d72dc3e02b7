import type { IncomingHttpHeaders } from "node:http";

import { graphqlError, NO_CREDENTIALS, refuse } from "./answers";
import type { Answer } from "./entities";
import { type RequestTarget, STOREFRONT_HOST } from "./router";

/** With any port: what forwards one keeps its own, and no other machine can have these names. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * The answer to a request that no client of this emulator sends, but a web page that a browser on this machine shows.
 * It is no problem of a client, and nothing of it is kept.
 */
export function refuseCrossSite(
  headers: Readonly<IncomingHttpHeaders>,
  target: RequestTarget,
): Answer | undefined {
  // A page that gave its own name the address 127.0.0.1 sends that name.
  const { host = "" } = headers;
  if (!LOOPBACK.test(host) && !STOREFRONT_HOST.test(host)) {
    return refuse(421, "The emulator answers to 127.0.0.1, localhost and storefront hosts, not to this Host");
  }
  const isFromBrowser = headers.origin !== undefined || headers["sec-fetch-site"] !== undefined;
  if (!isFromBrowser || hasCredential(headers)) return undefined;
  return target.storefront
    ? graphqlError(401, NO_CREDENTIALS)
    : refuse(403, "The REST API is not for browsers");
}

/** Browsers add these headers to another site's request only with its permission, which the emulator never gives. */
function hasCredential(headers: Readonly<IncomingHttpHeaders>): boolean {
  return headers["x-auth-token"] !== undefined || /^Bearer /i.test(headers.authorization ?? "");
}
