import type { Connection } from "../../../provider/bigcommerce/connection";
import { graphqlEndpoints } from "../../../provider/bigcommerce/endpoint";
import { type Bearer, judgeReply, question } from "../../../provider/bigcommerce/graphql";
import { beginOperation, perform } from "../../../provider/bigcommerce/operation";
import { createRedactor, shownTexts } from "../../../provider/bigcommerce/redact";
import type { Clock } from "../../../provider/clock";

/** What the store's GraphQL API says of a token. */
export type Verdict =
  /** `text` is the API's own text. */
  | { readonly kind: "refused"; readonly text: string }
  | { readonly kind: "accepted" }
  /** GraphQL was not asked, or gave another answer: `why`. */
  | { readonly kind: "unclear"; readonly why: string };

export interface Asked {
  readonly verdict: Verdict;
  /** Unix milliseconds of the answer. */
  readonly at: number;
}

const EVERY_MS = 5_000;
const ASK_MS = 10_000;
const MAX_TEXT = 100;

const never = new AbortController().signal;

/** Asks until the token is refused, or `maxMs` have passed. Resolves to the last answer. */
export async function untilRefused(clock: Clock, maxMs: number, ask: () => Promise<Verdict>): Promise<Asked> {
  const begun = clock.monotonic();
  for (;;) {
    const verdict = await ask();
    const at = clock.now();
    const leftMs = maxMs - (clock.monotonic() - begun);
    if (verdict.kind === "refused" || leftMs <= 0) return { verdict, at };
    await clock.sleep(Math.min(EVERY_MS, leftMs), never);
  }
}

/** Asks the channels of the token in turn, as its user would: without the credential of the API account. */
export async function verdictOn(connection: Connection, bearer: Bearer): Promise<Verdict> {
  const redact = createRedactor([bearer.token, connection.target.accessToken]);
  let why =
    bearer.channelIds.length === 0 ? "the token names no channel" : "this API host has no GraphQL API";
  for (const endpoint of graphqlEndpoints(connection.target, bearer.channelIds)) {
    const asked = await perform(beginOperation(connection, ASK_MS), {
      ...question(endpoint, bearer, (reply) => judgeReply(reply, bearer)),
      attempts: 1,
    });
    if (!asked.ok) {
      why = asked.failure.what;
      continue;
    }
    const { answer, text: own = "" } = asked.value;
    if (answer === "works") return { kind: "accepted" };
    const text = shownTexts([own], redact)[0]?.slice(0, MAX_TEXT) ?? "answered 401";
    if (answer === "revoked" || answer === "expired") return { kind: "refused", text };
    why = text;
  }
  return { kind: "unclear", why };
}
