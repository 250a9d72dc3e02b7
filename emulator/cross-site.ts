import type { IncomingHttpHeaders } from "node:http";

import { graphqlError, NO_CREDENTIALS, refuse } from "./answers";
import type { Answer } from "./entities";
import { type RequestTarget, STOREFRONT_HOST } from "./router";

/** Any port is allowed: a port forwarder sends its own port. No other machine can have these host names. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * Refuses a request that a web page, open in a browser on this machine, can send without permission. A client of the
 * emulator never sends such a request, so it is no `problem`, and the emulator does not record it.
 */
export function refuseCrossSite(headers: IncomingHttpHeaders, target: RequestTarget): Answer | undefined {
  // DNS rebinding: the page's own host name resolves to 127.0.0.1, and the browser sends that name.
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

/** A browser sends these headers across sites only after a CORS preflight, which the emulator never grants. */
function hasCredential(headers: IncomingHttpHeaders): boolean {
  return headers["x-auth-token"] !== undefined || /^Bearer /i.test(headers.authorization ?? "");
}
