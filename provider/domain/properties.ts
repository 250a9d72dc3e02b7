import type { Right } from "./kinds";

/** The words that an input may have. */
export const SCOPES = ["Unauthenticated", "Customer", "B2B"] as const;
export const OVERLAPS = ["auto", "always", "never"] as const;
export const ON_DELETE = ["revoke", "letExpire"] as const;

type Scalar = "string" | "integer" | "boolean" | readonly string[];

/** What hosts and generated programs must know of a property. `inputs.ts` has the rules for its value. */
export interface Property {
  /** A list of words stands for one of them. Of several types, the value has one. */
  readonly type:
    Scalar | { readonly listOf: Scalar } | { readonly oneOf: readonly (Scalar | "Verify")[] } | "Predecessor";
  readonly isRequired?: true;
  readonly isSecret?: true;
  /** BigCommerce signs it into the token: a change replaces it. */
  readonly isReplacing?: true;
  readonly default?: string;
}

/** The inputs of all kinds, as programs give them. */
export const COMMON_INPUTS = {
  expiresAt: { type: { oneOf: ["string", "integer"] }, isReplacing: true },
  channelIds: { type: { listOf: "integer" }, isRequired: true, isReplacing: true },
  lifetime: { type: "string" },
  rotateBefore: { type: "string" },
  overlap: { type: OVERLAPS, default: "auto" },
  onDelete: { type: ON_DELETE, default: "revoke" },
  adopt: { type: "string", isSecret: true },
  verify: { type: { oneOf: ["boolean", "Verify"] } },
  storeHash: { type: "string", isReplacing: true },
} as const satisfies Readonly<Record<string, Property>>;

/** The inputs that only some kinds have. They are outputs as well. */
export const RIGHT_INPUTS = {
  scopes: { type: { listOf: SCOPES }, isRequired: true, isReplacing: true },
  allowedCorsOrigins: { type: { listOf: "string" }, isReplacing: true },
} as const satisfies Readonly<Record<Right, Property>>;

/** The outputs of all kinds. One that is not required may be absent. */
const COMMON_OUTPUTS = {
  token: { type: "string", isSecret: true, isRequired: true },
  fingerprint: { type: "string", isRequired: true },
  issuedAt: { type: "string", isRequired: true },
  expiresAt: { type: "string", isRequired: true },
  effectiveExpiresAt: { type: "string" },
  rotateAt: { type: "string" },
  apiAccount: { type: "string" },
  previous: { type: "Predecessor" },
  previousToken: { type: "string", isSecret: true },
  label: { type: "string", isRequired: true },
  storeHash: { type: "string", isRequired: true },
  channelIds: { type: { listOf: "integer" }, isRequired: true },
  overlap: { type: OVERLAPS, isRequired: true },
  onDelete: { type: ON_DELETE, isRequired: true },
  apiUrl: { type: "string" },
} as const satisfies Readonly<Record<string, Property>>;

/** The inputs of a kind. */
export function inputsOf({
  rights,
}: {
  readonly rights: readonly Right[];
}): Readonly<Record<string, Property>> {
  return { ...COMMON_INPUTS, ...rightsOf(rights) };
}

/** The outputs of a kind. */
export function outputsOf({
  rights,
}: {
  readonly rights: readonly Right[];
}): Readonly<Record<string, Property>> {
  return { ...COMMON_OUTPUTS, ...rightsOf(rights) };
}

function rightsOf(rights: readonly Right[]) {
  return Object.fromEntries(rights.map((right) => [right, RIGHT_INPUTS[right]]));
}

const INPUTS = { ...COMMON_INPUTS, ...RIGHT_INPUTS };
type Replacing = {
  [N in keyof typeof INPUTS]: (typeof INPUTS)[N] extends { readonly isReplacing: true } ? N : never;
};

/** The inputs whose change replaces the token. */
export const REPLACING = namesWith("isReplacing", INPUTS) as readonly Replacing[keyof Replacing][];

/** The outputs that are always secret. */
export const SECRET_OUTPUTS = namesWith("isSecret", COMMON_OUTPUTS);

function namesWith(
  flag: "isReplacing" | "isSecret",
  properties: Readonly<Record<string, Property>>,
): readonly string[] {
  return Object.entries(properties)
    .filter(([, property]) => property[flag] === true)
    .map(([name]) => name);
}
