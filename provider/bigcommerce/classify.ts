import { defined } from "../defined";
import { VISIBLE_ASCII } from "../domain/store-address";
import type { ApiCode } from "../request-errors";
import type { Endpoint } from "./endpoint";
import type { ApiFailure } from "./errors";
import { askedWaitMs, hasQuotaLeft, httpDateMs } from "./rate-limit-headers";
import { createRedactor, isPlain, type Redactor, shownTexts } from "./redact";
import { type Body, parseBody, problemTexts, saysErrors, tokenText } from "./reply";
import type { Broken, Exchange } from "./transport";

/** A failed request. Every text in it may be shown. */
export interface Failure extends Pick<
  ApiFailure,
  "outcome" | "status" | "title" | "requestId" | "serverTimeMs"
> {
  readonly code: ApiCode;
  /** What happened: "answered 401", "the connection failed (ECONNREFUSED)". */
  readonly what: string;
  /** What was done about it, and what is known since. */
  readonly aftermath?: string;
  /** How long the server asked to wait, milliseconds. */
  readonly askedMs?: number;
}

type Verdict = Pick<Failure, "code" | "outcome" | "what">;

const TITLE_CHARS = 200;

const REJECTED_CODES: Readonly<Record<number, ApiCode>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  429: "rate_limited",
};

/** BigCommerce's texts for a refused revocation, in lower case, without full stop and typographic quotes. */
const REVOKE_TEXTS: readonly { readonly status: number; readonly text: RegExp; readonly code: ApiCode }[] = [
  { status: 404, text: /^no token found for the supplied jti$/, code: "jti_not_found" },
  { status: 422, text: /^the supplied jwt is invalid$/, code: "jwt_invalid" },
  { status: 422, text: /^the token doesn't belong to the client$/, code: "other_account" },
  { status: 422, text: /^store cannot revoke more tokens\b/, code: "revocation_limit" },
];

/** Classifies a failed request: its code, its outcome, and what may be shown. */
export function classify(
  exchange: Exchange,
  endpoint: Endpoint,
  secrets: readonly string[],
  nowMs: number,
): Failure {
  const { status, headers } = exchange;
  const body = exchange.kind === "reply" ? parseBody(exchange.body) : ({ kind: "empty" } as const);
  const redact = createRedactor([...secrets, tokenText(body) ?? ""]);
  const verdict =
    exchange.kind === "broken" && (status === undefined || isSuccess(status))
      ? judgeBroken(exchange)
      : judgeStatus(exchange, body, endpoint, redact);
  const title = cut(shownTexts(problemTexts(body), redact).join("; "), TITLE_CHARS);
  return defined({
    ...verdict,
    status,
    title: title === "" ? undefined : title,
    requestId: shownId(headers["x-request-id"], redact),
    serverTimeMs: httpDateMs(headers.date),
    askedMs: asksToWait(exchange) ? askedWaitMs(headers, nowMs) : undefined,
  });
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** A text cut to a number of characters, with an ellipsis if anything was cut. */
export function cut(text: string, chars: number): string {
  if (text.length <= chars) return text;
  return `${text.slice(0, Math.max(0, chars - 1)).replace(/[\ud800-\udbff]$/, "")}…`;
}

function judgeBroken({ code, sent, detail, status }: Broken): Verdict {
  const what = status === undefined ? detail : `answered ${status}, then ${detail}`;
  return { code, outcome: sent ? "UNKNOWN" : "NOT_SENT", what };
}

function judgeStatus(exchange: Exchange, body: Body, endpoint: Endpoint, redact: Redactor): Verdict {
  const { status = 0, headers } = exchange;
  const what = `answered ${status}`;
  if (isSuccess(status)) return judgeSuccess(what, body, redact(headers["content-type"] ?? ""));
  if (status === 408 || status === 499) return { code: "timeout", outcome: "UNKNOWN", what };
  if (status >= 400 && status < 500) {
    const known = endpoint.method === "DELETE" ? knownRefusal(status, body, endpoint) : undefined;
    return { code: known ?? REJECTED_CODES[status] ?? "rejected", outcome: "REJECTED", what };
  }
  if (status >= 500 && status <= 599) return { code: "server_error", outcome: "UNKNOWN", what };
  if (status >= 300 && status <= 399 && status !== 304) {
    const origin = redact(originOf(headers.location, endpoint.url));
    const where = isPlain(origin) ? ` and points to ${origin}` : "";
    return { code: "unexpected_redirect", outcome: "UNKNOWN", what: `${what}${where}` };
  }
  return { code: "reply_malformed", outcome: "UNKNOWN", what };
}

/** A 2xx status without the expected content. */
function judgeSuccess(what: string, body: Body, contentType: string): Verdict {
  const errors = saysErrors(body);
  if (errors !== undefined) {
    const outcome = (errors.status ?? 500) <= 499 ? "REJECTED" : "UNKNOWN";
    return { code: "rejected", outcome, what: `${what}, but the body says errors` };
  }
  const said = /^[a-z]+\/[a-z0-9.+*-]+/i.exec(contentType)?.[0] ?? "no content type";
  const type = isPlain(said) ? said : "an unreadable content type";
  const content =
    body.kind === "empty" ? "an empty body" : `a body (${cut(type, 40)}) that is not the expected one`;
  return { code: "reply_malformed", outcome: "UNKNOWN", what: `${what} with ${content}` };
}

function knownRefusal(status: number, body: Body, { byJti }: Endpoint): ApiCode | undefined {
  const texts = problemTexts(body).map((text) =>
    text.replaceAll("’", "'").replace(/\s+/g, " ").trim().replace(/\.$/, "").toLowerCase(),
  );
  const possible = REVOKE_TEXTS.filter((entry) => entry.status === status);
  const known = possible.find((entry) => texts.some((text) => entry.text.test(text)));
  return known?.code === "jti_not_found" && !byJti ? undefined : known?.code;
}

/** Every reply carries the reset time. After a 5xx it counts only if the rate limit may be the reason. */
function asksToWait({ status = 0, headers }: Exchange): boolean {
  return status === 429 || (status >= 500 && status <= 599 && !hasQuotaLeft(headers));
}

function originOf(location = "", base: URL): string {
  const isUrl = VISIBLE_ASCII.test(location) && URL.canParse(location, base.href);
  return isUrl ? cut(new URL(location, base.href).origin, 100) : "";
}

/** Shows an id only if it is one plain word that the redactor leaves unchanged. */
function shownId(text: string | undefined, redact: Redactor): string | undefined {
  return text !== undefined && /^[\w.:-]{1,64}$/.test(text) && redact(text) === text ? text : undefined;
}
