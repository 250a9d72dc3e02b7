import type { IncomingMessage, ServerResponse } from "node:http";

import { refuse } from "./answers";
import { MAX_BODY_BYTES, readBody } from "./body";
import { refuseCrossSite } from "./cross-site";
import { afterProcessing, withoutProcessing } from "./delivery";
import type { ScriptedFaults } from "./faults";
import { type Entry, findProblem, type Ledger, splitUrl } from "./ledger";
import type { Quotas } from "./quota";
import { dispatch, isCreate, locate, type RequestTarget } from "./router";
import type { RouteContext } from "./routes/route";

/** Handles a request from its headers to the last byte of the answer, scripted faults included. */
export function createRequestHandler(
  context: RouteContext,
  { quotas, faults, ledger }: { quotas: Quotas; faults: ScriptedFaults; ledger: Ledger },
) {
  const { settings, clock } = context;
  const accounts = settings.stores.flatMap((store) => store.accounts);
  const credentials = accounts.map(({ accessToken }) => accessToken);

  const handle = async (request: IncomingMessage, target: RequestTarget, entry: Entry) => {
    const { method, path, headers } = entry;
    if (target.store) entry.storeHash = target.store.hash;
    ledger.addProblem(entry, findProblem(entry, target.resource !== undefined, credentials));
    const body = await readBody(request);
    if (body === "gone") return undefined;
    if (body === "too large") {
      // Guess: 413 for a body of more than 1 MiB.
      ledger.addProblem(entry, `a body of more than ${MAX_BODY_BYTES} bytes`);
      return afterProcessing(refuse(413, "Payload Too Large"), undefined, clock);
    }
    const { text } = body;
    ledger.recordBody(entry, text);

    const matched = faults.match({ method, path, isCreate: isCreate(method, target) });
    if (matched.kinds !== undefined) entry.fault = matched.kinds;
    const delayMs = settings.latencyMs + (matched.delay?.ms ?? 0);
    if (delayMs > 0) await clock.delay(delayMs);

    // GraphQL has no documented request quota.
    const allowance = target.store && !target.storefront ? quotas.take(target.store.hash) : undefined;
    const instead = matched.main && withoutProcessing(matched.main, clock);
    if (instead) return instead;
    const query = new URLSearchParams(entry.query);
    const incoming = { method, query, headers, text, claims: matched.claims?.claims };
    // Guess: the body of 429.
    const answer = allowance?.exceeded
      ? refuse(429, "Too Many Requests")
      : dispatch(incoming, target, context);
    ledger.addProblem(entry, answer.problem);
    const limited = { ...answer, headers: { ...answer.headers, ...allowance?.headers } };
    return afterProcessing(limited, matched.main, clock);
  };

  return (request: IncomingMessage, response: ServerResponse): void => {
    const { path } = splitUrl(request.url);
    const target = locate(path, request.headers.host, settings.stores);
    const refusal = refuseCrossSite(request.headers, target);
    if (refusal) {
      readBody(request, 0)
        .then((body) => (body === "gone" ? undefined : afterProcessing(refusal, undefined, clock)(response)))
        .catch(() => response.destroy());
      return;
    }
    const entry = ledger.open(request, response);
    handle(request, target, entry)
      .then(async (delivery) => {
        const status = await delivery?.(response);
        if (status !== undefined) entry.status = status;
      })
      .catch((error: unknown) => {
        ledger.addProblem(entry, `the emulator or a scripted fault failed: ${String(error)}`);
        response.destroy();
      });
  };
}
