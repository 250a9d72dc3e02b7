import { graphqlEndpoint } from "../../../provider/bigcommerce/endpoint";
import { beginOperation, type Connection, perform } from "../../../provider/bigcommerce/operation";
import { type Bearer, endIn, MAX_CHANNELS, question } from "../../../provider/bigcommerce/graphql";
import { createRedactor } from "../../../provider/bigcommerce/redact";
import { parseBody, problemTexts } from "../../../provider/bigcommerce/reply";
import { shownTexts } from "../../../provider/bigcommerce/shown-text";
import type { Reply } from "../../../provider/bigcommerce/transport";
import type { Clock } from "../../../provider/clock";

/** What the store's GraphQL API says to whoever shows it a token. */
export type Verdict =
  /** `text` is the API's own. */
  | { readonly kind: "refused"; readonly text: string }
  | { readonly kind: "accepted" }
  /** It was not asked, or answered neither; `why` says what came instead. */
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

/** Asks until the token is refused, or `waitMs` have gone by; the last answer. */
export async function untilRefused(
  clock: Clock,
  waitMs: number,
  ask: () => Promise<Verdict>,
): Promise<Asked> {
  const begun = clock.monotonic();
  for (;;) {
    const verdict = await ask();
    const at = clock.now();
    const leftMs = waitMs - (clock.monotonic() - begun);
    if (verdict.kind === "refused" || leftMs <= 0) return { verdict, at };
    await clock.sleep(Math.min(EVERY_MS, leftMs), never);
  }
}

/** Asks as the token's own user would, without the credential. A channel without a site tells nothing. */
export async function verdictOn(connection: Connection, bearer: Bearer): Promise<Verdict> {
  const { token, channelIds } = bearer;
  const redact = createRedactor([token, connection.target.accessToken]);
  let why = "the token names no channel";
  for (const channelId of channelIds.slice(0, MAX_CHANNELS)) {
    const endpoint = graphqlEndpoint(connection.target, channelId);
    if (!endpoint) return { kind: "unclear", why: "this API host has no GraphQL API" };
    const asked = await perform(beginOperation(connection, ASK_MS), {
      ...question(endpoint, bearer, answerOf),
      attempts: 1,
    });
    if (!asked.ok) {
      why = asked.failure.what;
      continue;
    }
    if (asked.value === "accepted") return { kind: "accepted" };
    const texts = shownTexts(asked.value, redact).map((text) => text.slice(0, MAX_TEXT));
    const dead = texts.find((text) => endIn(text) !== undefined);
    if (dead !== undefined) return { kind: "refused", text: dead };
    why = texts[0] ?? "answered 401";
  }
  return { kind: "unclear", why };
}

/** Nothing where it is not GraphQL that answers. */
function answerOf({ status, body }: Reply): "accepted" | readonly string[] | undefined {
  const read = parseBody(body);
  if (read.kind !== "json") return undefined;
  if (status === 200) return "accepted";
  return status === 401 ? problemTexts(read) : undefined;
}
