import { KINDS, type KindName } from "../../provider/domain/kinds";
import { type Expiry, readExpiry } from "../../provider/domain/expiry";
import type { Fate } from "../../provider/domain/state";
import { fateOfDeleted, mayBeSkipped } from "./deleted-first";
import type { Deployment, StateResource } from "../pulumi/export";
import { type PropertyReader, readerOf } from "../pulumi/property-values";
import { kindOf, partsOf } from "../pulumi/urn";
import { rotationOf } from "./rotation";

/** A token that a state holds, as far as the state tells without a passphrase; what it keeps secret is absent. */
export interface HeldToken {
  readonly stack: string;
  readonly project: string;
  readonly urn: string;
  /** The last part of the URN. */
  readonly resource: string;
  readonly kind: KindName;
  readonly role: Role;
  /** The resource's id: the token's `jti`, else its fingerprint. */
  readonly id?: string;
  readonly jti?: string;
  readonly fingerprint?: string;
  readonly label?: string;
  /** Its name in the store's list: the label at the mint, `#` and a nonce. */
  readonly listName?: string;
  readonly storeHash?: string;
  /** Only where it is not BigCommerce's own. */
  readonly apiUrl?: string;
  readonly apiAccount?: string;
  readonly channelIds?: readonly number[];
  readonly scopes?: readonly string[];
  readonly allowedCorsOrigins?: readonly string[];
  /** Unix seconds. */
  readonly issuedAt?: number;
  /** The effective one. */
  readonly expiry?: Expiry;
  /** As written; absent where the expiry is fixed, or pinned. */
  readonly lifetime?: string;
  readonly rotateBefore?: string;
  /** Unix seconds: from then on, an update rotates it. */
  readonly rotateAt?: number;
  /** Whether the program protects it, so that nothing can rotate it. */
  readonly isProtected: boolean;
  /** Whether `pulumi state taint` asked for its replacement. */
  readonly isTainted: boolean;
  /** Whether an update still has to settle what a failure after the mint left behind. */
  readonly isUnproven: boolean;
  /** Whether it was made by hand and adopted, rather than minted. */
  readonly isAdopted: boolean;
  /** Whether its `jti` is known to be its own: we minted it, or GraphQL has accepted its text. */
  readonly hasOwnJti: boolean;
  /** Whether a refresh saw that it was revoked, or is missing from the store's list. */
  readonly isGone: boolean;
  /** Of a predecessor, and of a pending replacement. `revoke`: asked for, which is not to say confirmed. */
  readonly fate?: Fate;
  /** What the state keeps secret of what is shown, because the program gave it as a secret. */
  readonly hidden: readonly string[];
}

/**
 * `predecessor`: only its successor's state still describes it. `pending delete`: an update has yet to end it.
 * `pending replacement`: a dependency was replaced delete-first, and the update ended before its successor was minted.
 */
type Role = "current" | "predecessor" | "pending delete" | "pending replacement";

const SHOWN = ["fingerprint", "storeHash", "channelIds", "issuedAt", "expiresAt", "lifetime", "rotateBefore"];

/** Every token that the state names, dead ones included; one that it names twice is told by its own resource. */
export function tokensOf({ resources }: Deployment): readonly HeldToken[] {
  const own = resources.flatMap((resource) => {
    const kind = kindOf(resource.type);
    return kind ? [{ kind, resource, reader: readerOf(resource.outputs) }] : [];
  });
  const held = own.map(({ kind, resource, reader }) => heldBy(resource, kind, reader));
  const known = new Set(held.map(({ fingerprint }) => fingerprint));
  const previous = own.flatMap(({ kind, resource, reader }) => predecessorOf(resource, kind, reader));
  const others = new Map(previous.map((token) => [`${token.fingerprint ?? ""} ${token.urn}`, token]));
  return [...held, ...[...others.values()].filter(({ fingerprint }) => !known.has(fingerprint))];
}

/** Whether it may still be accepted. One whose revocation was asked for and accepted does not count, nor what is gone. */
export function isLive({ role, fate, expiry, isGone }: HeldToken, now: number): boolean {
  if (isGone) return false;
  if (role !== "predecessor" && role !== "pending replacement") return true;
  return fate === "letExpire" && (expiry === undefined || expiry === "never" || now < expiry);
}

function heldBy(resource: StateResource, kind: KindName, reader: PropertyReader): HeldToken {
  const expiresAt = reader.text("effectiveExpiresAt") ?? reader.text("expiresAt");
  const { urn, isProtected, isTainted, initErrors, isPendingDelete, isDeleted } = resource;
  return {
    ...partsOf(urn),
    urn,
    kind,
    role: isDeleted ? "pending replacement" : isPendingDelete ? "pending delete" : "current",
    ...(isDeleted && { fate: fateOfDeleted(resource, reader, expiresAt) }),
    ...identityOf(resource.id, reader),
    ...textsOf(reader, "label", "listName", "lifetime", "rotateBefore"),
    ...rightsOf(kind, reader),
    ...(expiresAt !== undefined && { expiry: readExpiry(expiresAt) }),
    ...rotationOf(reader, expiresAt),
    isProtected,
    isTainted,
    isUnproven: reader.is("verified", false) || initErrors.length > 0,
    isAdopted: isAdopted(reader, reader),
    hasOwnJti: !isAdopted(reader, reader) || reader.is("verified", true),
    isGone: reader.is("gone", true),
    hidden: [...SHOWN, ...KINDS[kind].rights].filter((name) => reader.isHidden(name)),
  };
}

/** A state names the token that it adopted, which need not be the one that it holds. */
function isAdopted(state: PropertyReader, token: PropertyReader): boolean {
  const fingerprint = token.text("fingerprint");
  return fingerprint !== undefined && state.text("adopted") === fingerprint;
}

function predecessorOf(
  resource: StateResource,
  kind: KindName,
  reader: PropertyReader,
): readonly HeldToken[] {
  const previous = reader.nested("previous");
  if (!previous) return [];
  const { urn, isDeleted } = resource;
  // The delete that left the token itself revoked the one before it.
  const isLeft = previous.is("fate", "letExpire") && (!isDeleted || mayBeSkipped(resource));
  const label = reader.text("label");
  const expiresAt = previous.text("expiresAt");
  return [
    {
      ...partsOf(urn),
      urn,
      kind,
      role: "predecessor",
      ...identityOf(previous.text("id"), previous),
      ...(label !== undefined && { label }),
      ...rightsOf(kind, previous),
      ...(expiresAt !== undefined && { expiry: readExpiry(expiresAt) }),
      isProtected: false,
      isTainted: false,
      isUnproven: false,
      isAdopted: isAdopted(reader, previous),
      hasOwnJti: !isAdopted(reader, previous) && !previous.is("unproven", true),
      isGone: false,
      fate: isLeft ? "letExpire" : "revoke",
      hidden: [],
    },
  ];
}

function identityOf(
  id: string | undefined,
  reader: PropertyReader,
): Pick<HeldToken, "id" | "jti" | "fingerprint"> {
  const fingerprint = reader.text("fingerprint");
  return {
    ...(id !== undefined && { id }),
    ...(id !== undefined && id !== fingerprint && { jti: id }),
    ...(fingerprint !== undefined && { fingerprint }),
  };
}

function rightsOf(kind: KindName, reader: PropertyReader): Partial<HeldToken> {
  const channelIds = reader.numbers("channelIds");
  const issuedAt = reader.time("issuedAt");
  return {
    ...textsOf(reader, "storeHash", "apiUrl", "apiAccount"),
    ...(channelIds && { channelIds }),
    ...Object.fromEntries(
      KINDS[kind].rights.flatMap((right) => {
        const values = reader.texts(right);
        return values ? [[right, values]] : [];
      }),
    ),
    ...(issuedAt !== undefined && { issuedAt }),
  };
}

function textsOf(reader: PropertyReader, ...names: readonly (keyof HeldToken)[]): Partial<HeldToken> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = reader.text(name);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}
