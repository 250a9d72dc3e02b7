import { refuseFields } from "../answers";
import type { Answer } from "../entities";
import type { Generation, StoreSettings } from "../options";
import type { TokenKind } from "../token-kinds";

/** The valid body of a mint. */
export interface MintRequest {
  /** The claim `cid`: a number if the body has `channel_id`, a list if it has `channel_ids`. */
  readonly cid: number | readonly number[];
  /** Unix seconds; 0 for a token that never expires. */
  readonly expiresAt: number;
  readonly allowedCorsOrigins: readonly string[];
  readonly scopes: readonly string[];
  readonly name?: string;
}

type MintErrors = Record<string, string>;

const SCOPES: readonly string[] = ["Unauthenticated", "Customer", "B2B"];
/** https://developer.bigcommerce.com/docs/storefront-auth/tokens */
const MAX_CORS_ORIGINS = 2;
const MAX_NAME_LENGTH = 120;
/** The year 5138. A larger number is a time in milliseconds. */
const MAX_SECONDS = 99_999_999_999;
const LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
const ORIGIN = new RegExp(`^https?://${LABEL}(?:\\.${LABEL})*(?::\\d{1,5})?`, "i");

type Body = Readonly<Record<string, unknown>>;

/** Guess: the keys and texts of field errors, except those for an origin's suffix and the number of origins. */
export function readMintBody(
  body: Body,
  {
    kind,
    generation,
    store,
    now,
  }: { kind: TokenKind; generation: Generation; store: StoreSettings; now: number },
): MintRequest | Answer {
  const own: readonly string[] = generation === 2 ? [...kind.ownFields, "name"] : kind.ownFields;
  const known = ["channel_id", "channel_ids", "expires_at", ...own];
  const unknown = Object.keys(body).filter((field) => !known.includes(field));
  // Guess: 422 for an unknown field.
  const errors: MintErrors = Object.fromEntries(
    unknown.map((field) => [field, "The field is not supported."]),
  );

  const request = {
    cid: readChannels(body, store, errors),
    expiresAt: readExpiry(body["expires_at"], now, errors),
    allowedCorsOrigins: own.includes("allowed_cors_origins")
      ? readOrigins(body["allowed_cors_origins"], generation, errors)
      : [],
    scopes: own.includes("scopes") ? readScopes(body["scopes"], errors) : [],
    ...(own.includes("name") && readName(body["name"], errors)),
  };
  return Object.keys(errors).length > 0 ? refuseFields(errors, "field", unknown) : request;
}

function readChannels(body: Body, store: StoreSettings, errors: MintErrors): number | readonly number[] {
  const { channel_id: one, channel_ids: many } = body;
  // Guess: 422 for `channel_id` together with `channel_ids`.
  if ((one === undefined) === (many === undefined)) {
    errors["channel_ids"] = "One of channel_id or channel_ids is required, and not both.";
    return [];
  }
  const isList = one === undefined;
  const field = isList ? "channel_ids" : "channel_id";
  const channels: readonly unknown[] = isList ? (Array.isArray(many) ? many : []) : [one];
  if (channels.length === 0 || !channels.every(isChannelId)) {
    errors[field] = `Must be an ${isList ? "array of integers" : "integer"} of at least 1.`;
    return [];
  }
  // Guess: 422 for a channel that the store does not have.
  if (!channels.every((channel) => store.channels.has(channel)))
    errors[field] = "The store has no such channel.";
  return isList ? channels : (channels[0] ?? []);
}

function isChannelId(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function readExpiry(value: unknown, now: number, errors: MintErrors): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    errors["expires_at"] = "Must be an integer of at least 0: Unix time in seconds.";
    return 0;
  }
  // Guess: 422 for an `expires_at` in the past or in milliseconds.
  if (value > MAX_SECONDS) errors["expires_at"] = "Must be in seconds, not in milliseconds.";
  else if (value !== 0 && value <= now) errors["expires_at"] = "Must be in the future.";
  return value;
}

function readOrigins(value: unknown, generation: Generation, errors: MintErrors): readonly string[] {
  // Guess: storefront tokens without `allowed_cors_origins` are minted.
  if (value === undefined) return [];
  // Guess: generation 2 accepts an empty `allowed_cors_origins`.
  if (!isTexts(value) || (generation === 1 && value.length === 0)) {
    errors["allowed_cors_origins"] = "Must be an array of origins.";
    return [];
  }
  if (value.length > MAX_CORS_ORIGINS) {
    errors["allowed_cors_origins"] = "Allowed CORS origins list length should not be greater than 2";
  }
  // Guess: 422 for an origin that is not a scheme, ASCII host and optional port.
  for (const origin of value) {
    const valid = ORIGIN.exec(origin)?.[0];
    if (valid === origin) continue;
    if (valid !== undefined && /^[/?#\s.-]/.test(origin.slice(valid.length))) {
      errors["allowed_cors_origins:has_invalid_suffix"] =
        "A supplied origin has a trailing slash or other special character following the end of the domain. " +
        "Please remove any trailing characters in supplied origins.";
    } else {
      errors["allowed_cors_origins:is_invalid"] =
        "A supplied origin is not a scheme, host and optional port.";
    }
  }
  return value;
}

function readScopes(value: unknown, errors: MintErrors): readonly string[] {
  if (isTexts(value) && value.length > 0 && value.every((scope) => SCOPES.includes(scope))) return value;
  errors["scopes"] = `Must hold at least one of ${SCOPES.join(", ")}.`;
  return [];
}

function readName(value: unknown, errors: MintErrors): { name?: string } {
  if (value === undefined) return {};
  const name = typeof value === "string" ? value.trim() : undefined;
  if (name === undefined || name.length > MAX_NAME_LENGTH) {
    errors["name"] = `Must be text of at most ${MAX_NAME_LENGTH} characters.`;
    return {};
  }
  if (/[\u{10000}-\u{10FFFF}]/u.test(name)) errors["name"] = "Must not contain 4-byte characters.";
  // Guess: a `name` of spaces only is ignored.
  return name === "" ? {} : { name };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string" && entry !== "");
}
