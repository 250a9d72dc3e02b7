import { z } from "zod";

import { defined } from "../defined";
import type { ErrorCode } from "../error-codes";
import { TokensError } from "../errors";
import { isToken } from "./claims";
import { parseExpiresAt } from "./expires-at";
import type { Kind } from "./kinds";
import { defaultRotateBefore, durationSeconds, gridSeconds } from "./expiry";
import type { CheckedInputs, PreviewedInputs } from "./state";
import { STORE_HASH } from "./store-address";
import { hasUnknown, isKnown } from "./unknown";
import { parseVerify } from "./verify-input";

/** A user's inputs in normal form. What is unknown before the update stays as it came. */
export interface ParsedInputs extends Partial<Omit<PreviewedInputs, "overlap" | "onDelete">> {
  readonly overlap: PreviewedInputs["overlap"];
  readonly onDelete: PreviewedInputs["onDelete"];
}

/** Why a resource's inputs are refused. */
export interface InputFailure {
  /** The input; absent where it is the stack's configuration or the environment that is refused. */
  readonly property?: string;
  /** Where in the input: indexes and names. */
  readonly path?: readonly PropertyKey[];
  /** Completes the sentence that the property begins; never quotes a value. */
  readonly reason: string;
}

/** One line for a person: `channelIds[0]: must be ...`. */
export function failureText({ property, path = [], reason }: InputFailure): string {
  if (property === undefined) return reason;
  return `${property}${path.map((index) => `[${String(index)}]`).join("")}: ${reason}`;
}

/** Inputs that are sound one by one, and refused. */
export class InputError extends TokensError {
  override readonly name = "InputError";

  constructor(
    code: ErrorCode,
    readonly failure: InputFailure,
  ) {
    super(code, failureText(failure));
  }
}

const MAX_CORS_ORIGINS = 2;
const MIN_LIFETIME_S = 10;
const MAX_LIFETIME_S = 36_525 * 24 * 3600;
export const SCOPES = ["Unauthenticated", "Customer", "B2B"];
const ORIGIN_HOST = /^https?:\/\/([a-z0-9_]([a-z0-9._-]*[a-z0-9_])?|\[[0-9a-f:]+\])(:\d+)?$/;

const missingOr = (text: string) => (issue: { input?: unknown }) =>
  issue.input === undefined ? `is missing: it ${text}` : text;

const CHANNEL = "must be a channel id: a whole number of 1 or more";
const ORIGIN =
  "must be an origin such as https://shop.example.com: http or https, lower-case host, port unless it is the " +
  "default one; no user, path, slash at the end or wildcard";
const SCOPE = `must be one of ${SCOPES.join(", ")}`;
const DURATION =
  'must be a duration: a whole number of at most 6 digits, not starting with 0, and one of s, m, h, d, w, such as "90d"';

const TOKEN =
  "is not a token; give the whole token, as BigCommerce answered it, without quotes, blanks or a line break";

const DURATION_FIELD = z
  .string(DURATION)
  .refine((text) => durationSeconds(text) !== undefined, { error: DURATION });

/** One schema a property; each message completes the sentence that the property's name begins. */
const FIELDS: Readonly<Record<string, z.ZodType>> = {
  channelIds: set(
    z.int(CHANNEL).min(1, CHANNEL),
    missingOr("must be a list of channel ids, such as [1]"),
  ).refine((ids) => ids.length > 0, { error: "is empty: name at least one channel, such as [1]" }),
  scopes: set(
    z.string(SCOPE).refine((scope) => SCOPES.includes(scope), { error: SCOPE }),
    missingOr(`must be a list of at least one of ${SCOPES.join(", ")}`),
  ).refine((scopes) => scopes.length > 0, { error: `is empty: name at least one of ${SCOPES.join(", ")}` }),
  allowedCorsOrigins: set(
    z.string(ORIGIN).refine(isOrigin, { error: ORIGIN }),
    () => "must be a list of origins",
  )
    .refine((origins) => origins.length <= MAX_CORS_ORIGINS, {
      error: `has more than ${MAX_CORS_ORIGINS} origins, which is all that BigCommerce allows: mint another token for the rest`,
    })
    .transform((origins) => (origins.length > 0 ? origins : undefined))
    .optional(),
  expiresAt: z
    .unknown()
    .transform((value, context) => {
      const parsed = parseExpiresAt(value);
      if ("text" in parsed) return parsed.text;
      context.addIssue(parsed.problem);
      return z.NEVER;
    })
    .optional(),
  lifetime: DURATION_FIELD.refine((text) => inRange(durationSeconds(text)), {
    error: "must be from 10 s to 100 years",
  }).optional(),
  rotateBefore: DURATION_FIELD.optional(),
  overlap: z.enum(["auto", "always", "never"], 'must be "auto", "always" or "never"').default("auto"),
  onDelete: z.enum(["revoke", "letExpire"], 'must be "revoke" or "letExpire"').default("revoke"),
  adopt: z.string(TOKEN).refine(isToken, { error: TOKEN }).optional(),
  verify: z
    .unknown()
    .transform((value, context) => {
      const parsed = parseVerify(value);
      if (!("problem" in parsed)) return parsed.value;
      context.addIssue(parsed.problem);
      return z.NEVER;
    })
    .optional(),
  storeHash: z
    .string("must be a store hash")
    .regex(STORE_HASH, "must be a store hash: 1 to 32 lower-case letters and digits")
    .optional(),
  label: z.string("is set by the resource class; do not pass it"),
};

const COMMON = [
  "channelIds",
  "expiresAt",
  "lifetime",
  "rotateBefore",
  "overlap",
  "onDelete",
  "adopt",
  "verify",
  "storeHash",
  "label",
];

/** Never throws: what is wrong with an input is a failure. */
export function parseInputs(
  kind: Kind,
  news: Readonly<Record<string, unknown>>,
): { readonly inputs: ParsedInputs; readonly failures: readonly InputFailure[] } {
  const names = [...COMMON, ...kind.rights];
  const failures = Object.keys(news)
    .filter((name) => !names.includes(name))
    .map((name) => unknownProperty(name, names));
  const inputs: Record<string, unknown> = {};
  for (const name of names) {
    const value = news[name] ?? undefined;
    if (hasUnknown(value)) {
      inputs[name] = value;
      continue;
    }
    const parsed = FIELDS[name]?.safeParse(value);
    if (parsed?.success && parsed.data !== undefined) inputs[name] = parsed.data;
    for (const { path, message } of parsed?.error?.issues ?? [])
      failures.push({ property: name, path, reason: message });
  }
  const parsed = { overlap: "auto", onDelete: "revoke", ...inputs } as ParsedInputs;
  const isSound = (name: string) => !failures.some(({ property }) => property === name);
  return { inputs: parsed, failures: [...failures, ...combinations(parsed, isSound)] };
}

/** Seconds before the end at which a token with this lifetime becomes due. */
export function rotateBeforeSeconds(inputs: Pick<CheckedInputs, "lifetime" | "rotateBefore">): number {
  const lifetime = durationSeconds(inputs.lifetime ?? "") ?? 0;
  return inputs.rotateBefore === undefined
    ? defaultRotateBefore(lifetime)
    : (durationSeconds(inputs.rotateBefore) ?? 0);
}

/** The rules between properties that are sound by themselves. Whether an expiry and a lifetime may stand together is for `check`. */
function combinations(inputs: ParsedInputs, isSound: (name: string) => boolean): readonly InputFailure[] {
  const { expiresAt, lifetime, rotateBefore, overlap, onDelete } = inputs;
  const failures: InputFailure[] = [];
  const fail = (property: string, reason: string) => failures.push({ property, reason });
  if (expiresAt === undefined && lifetime === undefined && isSound("expiresAt") && isSound("lifetime")) {
    fail(
      "expiresAt",
      'no expiry; give expiresAt (a time, or "never") or lifetime (such as "90d", rotated by `pulumi up`)',
    );
  }
  const policy = { lifetime, rotateBefore };
  if (isKnown(policy)) {
    if (policy.rotateBefore !== undefined && policy.lifetime === undefined && isSound("lifetime")) {
      fail("rotateBefore", "goes with lifetime only; a token with a fixed expiresAt is not rotated");
    }
    const seconds = policy.lifetime === undefined ? undefined : durationSeconds(policy.lifetime);
    if (seconds !== undefined && rotateBeforeSeconds(defined(policy)) >= seconds - gridSeconds(seconds)) {
      fail(
        "rotateBefore",
        "too large for this lifetime, every update would rotate; make it shorter than lifetime less the rounding of its " +
          "expiration (a day from 14 d on, an hour from 1 d, a minute from 1 h, else a second), or leave it out",
      );
    }
  }
  if (expiresAt === "never" && onDelete === "letExpire") {
    fail("onDelete", '"letExpire" cannot stand beside expiresAt "never", which never expires; say "revoke"');
  }
  if (expiresAt === "never" && overlap === "always") {
    fail(
      "overlap",
      '"always" cannot stand beside expiresAt "never", which never expires; say "auto" or "never"',
    );
  }
  return failures;
}

/** A list without an order: duplicates go, numbers sort ascending, text by code unit. */
function set<T extends string | number>(
  entry: z.ZodType<T>,
  error: (issue: { input?: unknown }) => string,
): z.ZodType<T[]> {
  return z
    .array(entry, { error })
    .transform((entries) => [...new Set(entries)].sort((a, b) => (a < b ? -1 : 1)));
}

function isOrigin(text: string): boolean {
  return ORIGIN_HOST.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

function inRange(seconds: number | undefined): boolean {
  return seconds === undefined || (seconds >= MIN_LIFETIME_S && seconds <= MAX_LIFETIME_S);
}

function unknownProperty(name: string, names: readonly string[]): InputFailure {
  const property = /^\w{1,40}$/.test(name) ? name : "(a property)";
  if (name === "channelId") return { property, reason: "there is no such property; say channelIds: [id]" };
  const nearest = names
    .filter((candidate) => candidate !== "label")
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(2, candidate.length / 3))
    .sort((a, b) => a.distance - b.distance)[0];
  const cure = nearest ? `did you mean ${nearest.candidate}?` : "remove it";
  return { property, reason: `there is no such property; ${cure}` };
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
