import type { IncomingMessage, ServerResponse } from "node:http";

import { refuse } from "./answers";
import { afterWork, insteadOfWork, type Delivery } from "./delivery";
import type { ScriptedFaults } from "./faults";
import { findProblem, readable, type Entry, type Ledger } from "./ledger";
import type { Quotas } from "./quota";
import { dispatch, isCreate, locate } from "./router";
import type { World } from "./routes/route";

interface Parts {
  readonly quotas: Quotas;
  readonly faults: ScriptedFaults;
  readonly ledger: Ledger;
}

/** Far more than any request to these routes needs. */
const MAX_BODY_BYTES = 1024 * 1024;

/** One request from its headers to the last byte of its answer, scripted faults included. */
export function createExchange(world: World, { quotas, faults, ledger }: Parts) {
  const { settings, timeline } = world;
  const credentials = settings.stores.flatMap(({ accounts }) =>
    accounts.map(({ accessToken }) => accessToken),
  );

  const decide = async (request: IncomingMessage, entry: Entry): Promise<Delivery | undefined> => {
    const { method, path, headers } = entry;
    const place = locate(path, headers.host, settings.stores);
    if (place.store) entry.storeHash = place.store.hash;
    note(entry, findProblem(entry, place.resource !== undefined, credentials));
    const text = await readBody(request);
    // The sender went away before it had said what it wants.
    if (text === undefined) return undefined;
    entry.body = readable(text);

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
    const answer = allowance?.exceeded ? refuse(429, "Too Many Requests") : dispatch(incoming, place, world);
    note(entry, answer.problem);
    return afterWork(
      { ...answer, headers: { ...answer.headers, ...allowance?.headers } },
      met.main,
      timeline,
    );
  };

  return (request: IncomingMessage, response: ServerResponse): void => {
    const entry = ledger.open(request, response);
    decide(request, entry)
      .then(async (delivery) => {
        const status = await delivery?.(response);
        if (status !== undefined) entry.status = status;
      })
      .catch((error: unknown) => {
        note(entry, `the emulator or a scripted fault failed: ${String(error)}`);
        response.destroy();
      });
  };
}

function note(entry: Entry, problem: string | undefined): void {
  if (problem === undefined) return;
  entry.problem = entry.problem === undefined ? problem : `${entry.problem}; ${problem}`;
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) throw new RangeError(`A body of more than ${MAX_BODY_BYTES} bytes.`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return undefined;
  }
  return Buffer.concat(chunks).toString("utf8");
}
