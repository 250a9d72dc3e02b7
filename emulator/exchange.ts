import type { IncomingMessage, ServerResponse } from "node:http";

import { refuse } from "./answers";
import { MAX_BODY_BYTES, readBody } from "./body";
import { afterWork, insteadOfWork, type Delivery } from "./delivery";
import type { Answer } from "./entities";
import type { ScriptedFaults } from "./faults";
import { refuseForeign } from "./foreign";
import { type Entry, findProblem, type Ledger, splitUrl } from "./ledger";
import type { Quotas } from "./quota";
import { dispatch, isCreate, locate, type Place } from "./router";
import type { World } from "./routes/route";

interface Parts {
  readonly quotas: Quotas;
  readonly faults: ScriptedFaults;
  readonly ledger: Ledger;
}

/** One request from its headers to the last byte of its answer, scripted faults included. */
export function createExchange(world: World, { quotas, faults, ledger }: Parts) {
  const { settings, timeline } = world;
  const credentials = settings.stores.flatMap(({ accounts }) =>
    accounts.map(({ accessToken }) => accessToken),
  );

  const decide = async (
    request: IncomingMessage,
    place: Place,
    entry: Entry,
  ): Promise<Delivery | undefined> => {
    const { method, path, headers } = entry;
    if (place.store) entry.storeHash = place.store.hash;
    ledger.note(entry, findProblem(entry, place.resource !== undefined, credentials));
    const body = await readBody(request);
    if (body === "gone") return undefined;
    if (body === "too large") {
      // Guess: 413 for a body of more than 1 MiB.
      ledger.note(entry, `a body of more than ${MAX_BODY_BYTES} bytes`);
      return afterWork(refuse(413, "Payload Too Large"), undefined, timeline);
    }
    const { text } = body;
    ledger.keep(entry, text);

    const met = faults.meet({ method, path, isCreate: isCreate(method, place) });
    if (met.kinds !== undefined) entry.fault = met.kinds;
    const delayMs = settings.latencyMs + (met.delay?.ms ?? 0);
    if (delayMs > 0) await timeline.delay(delayMs);

    // GraphQL has no documented request quota.
    const allowance = place.store && !place.site ? quotas.take(place.store.hash) : undefined;
    const instead = met.main && insteadOfWork(met.main, timeline);
    if (instead) return instead;
    const query = new URLSearchParams(entry.query);
    const incoming = { method, path, query, headers, text, ...(met.claims && { claims: met.claims.claims }) };
    // Guess: the body of 429.
    const answer = allowance?.exceeded ? refuse(429, "Too Many Requests") : dispatch(incoming, place, world);
    ledger.note(entry, answer.problem);
    return afterWork(
      { ...answer, headers: { ...answer.headers, ...allowance?.headers } },
      met.main,
      timeline,
    );
  };

  const turnAway = async (request: IncomingMessage, response: ServerResponse, answer: Answer) => {
    const body = await readBody(request, 0);
    if (body !== "gone") await afterWork(answer, undefined, timeline)(response);
  };

  return (request: IncomingMessage, response: ServerResponse): void => {
    const { path } = splitUrl(request.url);
    const place = locate(path, request.headers.host, settings.stores);
    const foreign = refuseForeign(request.headers, place);
    if (foreign) {
      turnAway(request, response, foreign).catch(() => response.destroy());
      return;
    }
    const entry = ledger.open(request, response);
    decide(request, place, entry)
      .then(async (delivery) => {
        const status = await delivery?.(response);
        if (status !== undefined) entry.status = status;
      })
      .catch((error: unknown) => {
        ledger.note(entry, `the emulator or a scripted fault failed: ${String(error)}`);
        response.destroy();
      });
  };
}
