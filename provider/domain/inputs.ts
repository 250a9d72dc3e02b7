import * as z from "zod";

import { defined } from "../defined";
import type { ErrorCode } from "../error-codes";
import { TokensError } from "../errors";
import { isToken } from "./claims";
import { parseExpiresAt } from "./expires-at-input";
import type { Kind, Right } from "./kinds";
import { durationSeconds } from "./expiry";
import type { PreviewedInputs } from "./state";
import { storeHashProblem } from "./store-address";
import { COMMON_INPUTS, ON_DELETE, OVERLAPS, SCOPES } from "./properties";
import { parseOrigin } from "./origin-input";
import { didYouMean, nearest } from "./did-you-mean";
import { hasUnknown, isKnown } from "./unknown";
import { parseVerify } from "./verify-input";
import { gridSeconds, rotateBeforeSeconds } from "./rotation";

/** A user's inputs in normal form. Values that are unknown before the update stay as they came. */
export type ParsedInputs = Partial<PreviewedInputs> & Pick<PreviewedInputs, "overlap" | "onDelete">;

/** Why a resource's inputs are refused. */
export interface InputFailure {
  /** Absent if the input is invalid by itself, or with the others: `input_invalid`. */
  readonly code?: ErrorCode;
  /** The input. Absent if the stack's configuration or the environment is refused. */
  readonly property?: string;
  /** Where in the input: indexes and names. */
  readonly path?: readonly PropertyKey[];
  /** Completes the sentence that the property begins. Never quotes a value. */
  readonly reason: string;
}

/** One line for a person: `channelIds[0]: must be ...`. */
export function failureText({ property, path = [], reason }: InputFailure): string {
  if (property === undefined) return reason;
  return `${property}${path.map((index) => `[${String(index)}]`).join("")}: ${reason}`;
}

/** The refusal of an input that is valid by itself. */
export class InputError extends TokensError {
  override readonly name = "InputError";
  readonly failure: InputFailure;

  constructor(code: ErrorCode, property: string, reason: string) {
    super(code, failureText({ property, reason }));
    this.failure = { code, property, reason };
  }
}

const MAX_CORS_ORIGINS = 2;
const MIN_LIFETIME_S = 10;
const MAX_LIFETIME_S = 36_525 * 24 * 3600;

const missingOr = (text: string) => (issue: { input?: unknown }) =>
  issue.input === undefined ? `is missing: it ${text}` : text;

const CHANNEL = "must be a channel id: a whole number of 1 or more";
const ONE_SCOPE = `one of ${SCOPES.join(", ")}`;
const SCOPE = `must be ${ONE_SCOPE}`;
const DURATION =
  'must be a duration: a whole number of at most 6 digits, not starting with 0, and one of s, m, h, d, w, such as "90d"';

const TOKEN =
  "is not a token; give the whole token, as BigCommerce answered it, without quotes, blanks or a line break";

const DURATION_FIELD = z.string(DURATION).refine((text) => durationSeconds(text) !== undefined, {
  error: ({ input }) => `${DURATION}${didYouMean(durationIn(String(input)))}`,
});

/** One schema for each property of every kind. Each message completes the sentence that the property's name begins. */
const COMMON: Readonly<Record<keyof typeof COMMON_INPUTS | "label", z.ZodType>> = {
  channelIds: set(
    z.int(CHANNEL).min(1, CHANNEL),
    missingOr("must be a list of channel ids, such as [1]"),
  ).refine((ids) => ids.length > 0, { error: "is empty: name at least one channel, such as [1]" }),
  expiresAt: readBy(parseExpiresAt).optional(),
  lifetime: DURATION_FIELD.refine((text) => isInRange(durationSeconds(text) ?? MIN_LIFETIME_S), {
    error: "must be from 10 s to 100 years",
  }).optional(),
  rotateBefore: DURATION_FIELD.optional(),
  overlap: oneOf(OVERLAPS, 'must be "auto", "always" or "never"').optional(),
  onDelete: oneOf(ON_DELETE, 'must be "revoke" or "letExpire"').optional(),
  adopt: z.string(TOKEN).refine(isToken).optional(),
  verify: readBy(parseVerify).optional(),
  storeHash: readBy(parseStoreHash).optional(),
  label: z.string("is set by the resource class; do not pass it"),
};

/** The same for the properties that only some kinds have. */
const RIGHTS: Readonly<Record<Right, z.ZodType>> = {
  scopes: set(oneOf(SCOPES, SCOPE), missingOr(`must be a list of at least ${ONE_SCOPE}`)).refine(
    (scopes) => scopes.length > 0,
    { error: `is empty: name at least ${ONE_SCOPE}` },
  ),
  allowedCorsOrigins: set(readBy(parseOrigin), "must be a list of origins")
    .refine((origins) => origins.length <= MAX_CORS_ORIGINS, {
      error: `has more than ${MAX_CORS_ORIGINS} origins, which is all that BigCommerce allows: mint another token for the rest`,
    })
    .transform((origins) => (origins.length > 0 ? origins : undefined))
    .optional(),
};

/** Never throws: what is wrong with an input is a failure. */
export function parseInputs(
  kind: Kind,
  news: Readonly<Record<string, unknown>>,
): { readonly inputs: ParsedInputs; readonly failures: readonly InputFailure[] } {
  const fields = { ...COMMON, ...Object.fromEntries(kind.rights.map((right) => [right, RIGHTS[right]])) };
  const failures = Object.keys(news)
    .filter((name) => !Object.hasOwn(fields, name))
    .map((name) => unknownProperty(name, Object.keys(fields)));
  const inputs: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = news[name] ?? undefined;
    const { data, error } = hasUnknown(value) ? { data: value } : field.safeParse(value);
    if (data !== undefined) inputs[name] = data;
    for (const { path, message } of error?.issues ?? [])
      failures.push({ property: name, path, reason: message });
  }
  const parsed = { overlap: "auto", onDelete: "revoke", ...inputs } as ParsedInputs;
  const isSound = (name: string) => !failures.some(({ property }) => property === name);
  return { inputs: parsed, failures: [...failures, ...combinations(parsed, isSound)] };
}

/** The rules between properties that are valid by themselves. `check` has those for `expiresAt` beside `lifetime`. */
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
  const policy = defined({ lifetime, rotateBefore });
  if (isKnown(policy)) {
    if (policy.rotateBefore !== undefined && policy.lifetime === undefined && isSound("lifetime")) {
      fail("rotateBefore", "goes with lifetime only; a token with a fixed expiresAt is not rotated");
    }
    const seconds = durationSeconds(policy.lifetime);
    if (seconds !== undefined && rotateBeforeSeconds(policy) >= seconds - gridSeconds(seconds)) {
      fail(
        "rotateBefore",
        "too large for this lifetime, every update would rotate; make it shorter than lifetime less the rounding of its " +
          "expiration (a day from 14 d on, an hour from 1 d, a minute from 1 h, else a second), or leave it out",
      );
    }
  }
  const beside = 'cannot stand beside expiresAt "never", which never expires';
  if (expiresAt === "never" && onDelete === "letExpire") {
    fail("onDelete", `"letExpire" ${beside}; say "revoke"`);
  }
  if (expiresAt === "never" && overlap === "always") {
    fail("overlap", `"always" ${beside}; say "auto" or "never"`);
  }
  return failures;
}

/** A list without an order: duplicates go, numbers sort ascending, text by code unit. */
function set<T extends string | number>(
  entry: z.ZodType<T>,
  error: string | ((issue: { input?: unknown }) => string),
): z.ZodType<T[]> {
  return z
    .array(entry, { error })
    .transform((entries) => [...new Set(entries)].sort((a, b) => (a < b ? -1 : 1)));
}

/** `parse` returns the value in normal form, or the problem. */
function readBy<T>(parse: (value: unknown) => { readonly value?: T } | { readonly problem: string }) {
  return z.unknown().transform((given, context) => {
    const parsed = parse(given);
    if (!("problem" in parsed)) return parsed.value as T;
    context.addIssue(parsed.problem);
    return z.NEVER;
  });
}

function oneOf<T extends string>(names: readonly T[], problem: string) {
  return readBy((given) => {
    const value = names.find((name) => name === given);
    if (value !== undefined) return { value };
    const guess = typeof given === "string" ? nearest(given, names) : undefined;
    return { problem: `${problem}${didYouMean(guess)}` };
  });
}

function parseStoreHash(given: unknown) {
  if (typeof given !== "string") return { problem: "must be a store hash" };
  const problem = storeHashProblem(given);
  return problem === undefined ? { value: given } : { problem: `must be ${problem}` };
}

/** A duration that was written with capitals or blanks. */
function durationIn(text: string): string | undefined {
  const duration = text.replaceAll(" ", "").toLowerCase();
  return durationSeconds(duration) === undefined ? undefined : duration;
}

function isInRange(seconds: number): boolean {
  return seconds >= MIN_LIFETIME_S && seconds <= MAX_LIFETIME_S;
}

function unknownProperty(name: string, names: readonly string[]): InputFailure {
  const property = /^\w{1,40}$/.test(name) ? name : "(a property)";
  if (name === "channelId") return { property, reason: "there is no such property; say channelIds: [id]" };
  const guess = nearest(
    name,
    names.filter((each) => each !== "label"),
  );
  const cure = guess === undefined ? "remove it" : `did you mean ${guess}?`;
  return { property, reason: `there is no such property; ${cure}` };
}
