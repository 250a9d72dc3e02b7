import { z } from "zod";

import { defined } from "../defined";
import type { Right } from "./kinds";
import { hasUnknown, type Previewed } from "./unknown";
import type { Verify } from "./verify-input";

/** What becomes of a token that was replaced. */
export type Fate = "revoke" | "letExpire";

export type Overlap = "auto" | "always" | "never";

export type OnDelete = "revoke" | "letExpire";

/** The inputs after `check`, as Pulumi stores them. */
export interface CheckedInputs {
  readonly label: string;
  readonly storeHash: string;
  /** Only where it is not BigCommerce's own. */
  readonly apiUrl?: string;
  readonly channelIds: readonly number[];
  readonly scopes?: readonly string[];
  readonly allowedCorsOrigins?: readonly string[];
  /** `YYYY-MM-DDTHH:MM:SSZ` or "never". */
  readonly expiresAt: string;
  /** As written; absent with a fixed expiry and while `ignoreChanges` pins the expiry. */
  readonly lifetime?: string;
  readonly rotateBefore?: string;
  readonly overlap: Overlap;
  readonly onDelete: OnDelete;
  /** Whether a new token is tried before anything that depends on it gets it. */
  readonly verify?: Verify;
  /** A token that was made by hand: this resource's first. In no output. */
  readonly adopt?: string;
}

/** The same in a preview, where all but the label may be unknown. */
export type PreviewedInputs = Previewed<Omit<CheckedInputs, "label">> & Pick<CheckedInputs, "label">;

/** The token that another one replaced, as its successor's state describes it. */
export interface Predecessor {
  /** The `id` of its resource. */
  readonly id: string;
  /** The first 16 hex digits of SHA-256(token). */
  readonly fingerprint: string;
  /** RFC 3339, UTC, seconds. */
  readonly issuedAt: string;
  /** The effective expiry: RFC 3339, UTC, seconds, or "never". */
  readonly expiresAt: string;
  /** `letExpire`: it works until `expiresAt`. `revoke`: its revocation was asked for, which is not to say confirmed. */
  readonly fate: Fate;
  /** The store that it belongs to. */
  readonly storeHash: string;
  /** Ascending. */
  readonly channelIds: readonly number[];
  /** Of a private token. */
  readonly scopes?: readonly string[];
  /** Of a storefront token that is bound to origins. */
  readonly allowedCorsOrigins?: readonly string[];
  /** Client id of the API account that minted it, where the token says so. */
  readonly apiAccount?: string;
  /** The API host, only where it is not `https://api.bigcommerce.com`. */
  readonly apiUrl?: string;
}

/** As a state holds it. */
export interface HeldPredecessor extends Predecessor {
  /** Only where it was made by hand and GraphQL never accepted it, so that its `id` may be another token's. */
  readonly unproven?: true;
}

/** The outputs, as Pulumi stores them: the checked inputs and what became of them. */
export interface TokenState extends Omit<CheckedInputs, "adopt"> {
  readonly token: string;
  readonly fingerprint: string;
  readonly issuedAt: string;
  /** Only where the token's own claim is earlier than `expiresAt`. */
  readonly effectiveExpiresAt?: string;
  readonly rotateAt?: string;
  readonly apiAccount?: string;
  /** The token's name in the store's list: the label at the mint and a nonce. Absent where the store had no list. */
  readonly listName?: string;
  /** The fingerprint of `adopt`, where this token or one before it was adopted. */
  readonly adopted?: string;
  readonly previous?: HeldPredecessor;
  readonly previousToken?: string;
  /** A refresh saw that it was revoked or is in no list: the next update replaces it and carries its predecessor over. */
  readonly gone?: true;
  /** True once GraphQL has accepted it; false while an update still has to settle what a failure after the mint left. */
  readonly verified?: boolean;
}

/** BigCommerce signs these into the token: a change replaces it. */
export const REPLACING = ["expiresAt", "channelIds", "scopes", "allowedCorsOrigins", "storeHash"] as const;

/** Everything by which one token's rights are compared with another's. */
export type Rights = Pick<CheckedInputs, "storeHash" | "apiUrl" | "channelIds" | Right>;

/** As a host hands them over. */
type Properties = Readonly<Record<string, unknown>>;

// Lenient: every state that was ever written is read, and what is damaged counts as absent.
const TEXT = z.string().catch("");
const SOME_TEXT = z.string().optional().catch(undefined);
const TEXTS = z.array(z.string()).optional().catch(undefined);
const FATE = z.enum(["revoke", "letExpire"]);
const MARK = z.literal(true).optional().catch(undefined);
const RIGHTS = {
  storeHash: TEXT,
  apiUrl: SOME_TEXT,
  channelIds: z.array(z.number()).catch([]),
  scopes: TEXTS,
  allowedCorsOrigins: TEXTS,
} satisfies Record<keyof Rights, z.ZodType>;

const INPUT_FIELDS = {
  ...RIGHTS,
  label: TEXT,
  expiresAt: TEXT,
  lifetime: SOME_TEXT,
  rotateBefore: SOME_TEXT,
  overlap: z.enum(["auto", "always", "never"]).catch("auto"),
  onDelete: FATE.catch("revoke"),
  verify: z
    .union([z.literal(true), z.object({ graphqlUrl: z.string() })])
    .optional()
    .catch(undefined),
  adopt: SOME_TEXT,
} satisfies Record<keyof CheckedInputs, z.ZodType>;

const INPUTS = z.object(INPUT_FIELDS);

const PREVIOUS = z.object({
  ...RIGHTS,
  id: TEXT,
  fingerprint: TEXT,
  issuedAt: TEXT,
  expiresAt: TEXT,
  fate: FATE,
  apiAccount: SOME_TEXT,
  unproven: MARK,
} satisfies Record<keyof HeldPredecessor, z.ZodType>);

const STATE = INPUTS.omit({ adopt: true }).extend({
  token: TEXT,
  fingerprint: TEXT,
  issuedAt: TEXT,
  effectiveExpiresAt: SOME_TEXT,
  rotateAt: SOME_TEXT,
  apiAccount: SOME_TEXT,
  listName: SOME_TEXT,
  adopted: SOME_TEXT,
  previous: PREVIOUS.transform(defined).optional().catch(undefined),
  previousToken: SOME_TEXT,
  gone: MARK,
  verified: z.boolean().optional().catch(undefined),
} satisfies Record<Exclude<keyof TokenState, keyof CheckedInputs>, z.ZodType>);

/** The outputs of a resource, of whatever version of this package. */
export function readState(outputs: Properties): TokenState {
  return defined(STATE.parse(outputs));
}

/** The inputs that a state holds, or that an update creates a token from. */
export function readInputs(inputs: Properties): CheckedInputs {
  return defined(INPUTS.parse(inputs));
}

/** The inputs that a run compares with a state. */
export function readPreviewedInputs(inputs: Properties): PreviewedInputs {
  const { shape } = INPUTS;
  const read = Object.entries(shape).map(([name, field]) => [
    name,
    hasUnknown(inputs[name]) ? inputs[name] : field.parse(inputs[name]),
  ]);
  return defined(Object.fromEntries(read) as PreviewedInputs);
}
