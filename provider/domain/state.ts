import * as z from "zod";

import { type Defined, defined } from "../defined";
import { formatTime, readExpiry } from "./expiry";
import type { Predecessor } from "./fate";
import type { Right } from "./kinds";
import { ON_DELETE, OVERLAPS } from "./properties";
import { hasUnknown, type Previewed } from "./unknown";

// Lenient: every state that was ever written is read, and what is damaged counts as absent.
const TEXT = z.string().catch("");
const SOME_TEXT = z.string().optional().catch(undefined);
const EXPIRY = TEXT.transform(readExpiry);
/** Unix seconds. NaN if the text is damaged. */
const TIME = TEXT.transform((text) => Date.parse(text) / 1000);
const TEXTS: z.ZodType<readonly string[] | undefined> = z.array(z.string()).optional().catch(undefined);
const NUMBERS: z.ZodType<readonly number[]> = z.array(z.number()).catch([]);
const FATE = z.enum(ON_DELETE);
const MARK = z.literal(true).optional().catch(undefined);
const VERIFY = z.union([z.literal(true), z.object({ graphqlUrl: z.string() })]);

/** Everything by which one token's rights are compared with another's. */
const RIGHTS = {
  storeHash: TEXT,
  /** Absent if it is BigCommerce's own. */
  apiUrl: SOME_TEXT,
  channelIds: NUMBERS,
  scopes: TEXTS,
  allowedCorsOrigins: TEXTS,
} satisfies Record<Right, z.ZodType> & z.ZodRawShape;

const INPUTS = z.object({
  ...RIGHTS,
  label: TEXT,
  expiresAt: EXPIRY,
  /** As written. Absent with a fixed expiration, and while `ignoreChanges` pins the expiration. */
  lifetime: SOME_TEXT,
  rotateBefore: SOME_TEXT,
  overlap: z.enum(OVERLAPS).catch("auto"),
  onDelete: FATE.catch("revoke"),
  /** Whether a new token is tested before its dependents get it. */
  verify: VERIFY.optional().catch(undefined),
  /** A token that was made by hand: this resource's first. In no output. */
  adopt: SOME_TEXT,
});

const PREVIOUS = z.object({
  ...RIGHTS,
  id: TEXT,
  fingerprint: TEXT,
  issuedAt: TIME,
  expiresAt: EXPIRY,
  fate: FATE,
  apiAccount: SOME_TEXT,
  /** Set if it was adopted and GraphQL never accepted it, so that its `id` may be another token's. */
  unproven: MARK,
} satisfies Record<keyof Predecessor, z.ZodType> & z.ZodRawShape);

const STATE = INPUTS.omit({ adopt: true }).extend({
  token: TEXT,
  fingerprint: TEXT,
  issuedAt: TIME,
  /** Set if the token's own claim is earlier than `expiresAt`. */
  effectiveExpiresAt: EXPIRY.optional(),
  rotateAt: TIME.optional(),
  apiAccount: SOME_TEXT,
  /** The token's name in the store's list: the label at the mint and a nonce. Absent if the store had no list. */
  listName: SOME_TEXT,
  /** The fingerprint of `adopt`, if this token or an earlier one was adopted. */
  adopted: SOME_TEXT,
  previous: PREVIOUS.transform((previous) => defined(previous))
    .optional()
    .catch(undefined),
  previousToken: SOME_TEXT,
  /** A refresh saw that it was revoked or is in no list: the next update replaces it and carries its previous token over. */
  gone: MARK,
  /** When a refresh first saw that. Absent in states of version 0.1.0. */
  goneAt: TIME.transform((time) => (Number.isNaN(time) ? undefined : time)).optional(),
  /** True once GraphQL has accepted it. False while an update still has to settle a failure after the mint. */
  verified: z.boolean().optional().catch(undefined),
});

/** The inputs after `check`. */
export type CheckedInputs = Readonly<Defined<z.output<typeof INPUTS>>>;

/** The same in a preview, where all but the label may be unknown. */
export type PreviewedInputs = Previewed<Omit<CheckedInputs, "label">> & Pick<CheckedInputs, "label">;

/** The outputs: the checked inputs and what became of them. */
export type TokenState = Readonly<Defined<z.output<typeof STATE>>>;

/** The previous token, as a state holds it. */
export type HeldPredecessor = Readonly<Defined<z.output<typeof PREVIOUS>>>;

/** What the state of a new token records of the token before it. */
export type Succession = Pick<TokenState, "previous" | "previousToken">;

export type Rights = Pick<CheckedInputs, keyof typeof RIGHTS>;

/** As a host hands them over. */
type Properties = Readonly<Record<string, unknown>>;

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
  const read = Object.entries(INPUTS.shape).map(([name, field]) => [
    name,
    hasUnknown(inputs[name]) ? inputs[name] : field.parse(inputs[name]),
  ]);
  return defined(Object.fromEntries(read) as PreviewedInputs);
}

const TIMES = ["expiresAt", "effectiveExpiresAt", "issuedAt", "rotateAt", "goneAt"];

/** The properties as Pulumi stores them: times are RFC 3339, UTC, whole seconds. What is unknown stays. */
export function written(properties: Partial<TokenState> | HeldPredecessor | PreviewedInputs): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]: [string, unknown]) => {
      if (name === "previous") return [name, written(value as HeldPredecessor)];
      if (!TIMES.includes(name) || typeof value !== "number") return [name, value];
      return [name, Number.isNaN(value) ? "" : formatTime(value)];
    }),
  );
}
