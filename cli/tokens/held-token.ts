import { defined } from "../../provider/defined";
import { durationSeconds, type Expiry } from "../../provider/domain/expiry";
import { rotateBeforeSeconds } from "../../provider/domain/inputs";
import { KINDS, type KindName } from "../../provider/domain/kinds";
import type { Fate } from "../../provider/domain/fate";
import type { Deployment, StateResource } from "../pulumi/export";
import { type PropertyReader, readerOf } from "../pulumi/property-values";
import { kindOf, partsOf } from "../pulumi/urn";
import { fatesOfDeletedFirst } from "./deleted-state";

/** A token that a state holds, as far as the state tells without a passphrase. What the state encrypts is absent. */
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
  /** Absent for BigCommerce's own API host. */
  readonly apiUrl?: string;
  readonly apiAccount?: string;
  readonly channelIds?: readonly number[];
  readonly scopes?: readonly string[];
  readonly allowedCorsOrigins?: readonly string[];
  /** Unix seconds. */
  readonly issuedAt?: number;
  /** The effective one: the token's own claim, if that is earlier than what was asked for. */
  readonly expiry?: Expiry;
  /** As the program wrote it; absent if the expiration is fixed, or pinned by `ignoreChanges`. */
  readonly lifetime?: string;
  readonly rotateBefore?: string;
  /** Unix seconds: from then on, an update rotates it. */
  readonly rotateAt?: number;
  /** True if the program protects it, so that no update can rotate it. */
  readonly isProtected: boolean;
  /** True if `pulumi state taint` asked for its replacement. */
  readonly isTainted: boolean;
  /** True if a step after the mint failed, and the next update has to settle it. */
  readonly isUnproven: boolean;
  /** True if it was made by hand and adopted. */
  readonly isAdopted: boolean;
  /** True if its `jti` is known to be its own: the provider minted it, or GraphQL accepted its text. */
  readonly hasOwnJti: boolean;
  /** True if a refresh saw that it was revoked, or is missing from the store's list. */
  readonly isGone: boolean;
  /** Of a predecessor, and of a pending replacement. `revoke` says that revocation was asked for, not that it happened. */
  readonly fate?: Fate;
  /** The properties that the state encrypts, because the program gave them as secrets. */
  readonly hidden: readonly string[];
}

/**
 * `predecessor`: only its successor's state still describes it. `pending delete`: the next update has to revoke it.
 * `pending replacement`: a dependency was replaced delete-first, and the update ended before the successor was minted.
 */
type Role = "current" | "predecessor" | "pending delete" | "pending replacement";

const SHOWN = ["fingerprint", "storeHash", "channelIds", "issuedAt", "expiresAt", "lifetime", "rotateBefore"];

/** Every token that the state names, dead ones included. One that it names twice is described by its own resource. */
export function tokensOf({ resources }: Deployment): readonly HeldToken[] {
  const own = resources.flatMap((resource) => {
    const kind = kindOf(resource.type);
    return kind ? [{ kind, resource, reader: readerOf(resource.outputs) }] : [];
  });
  const held = own.map(({ kind, resource, reader }) => heldBy(resource, kind, reader));
  const known = new Set(held.map(({ fingerprint }) => fingerprint));
  const previous = own.flatMap(({ kind, resource, reader }) => predecessorOf(resource, kind, reader) ?? []);
  const others = new Map(previous.map((token) => [`${token.fingerprint ?? ""} ${token.urn}`, token]));
  return [...held, ...[...others.values()].filter(({ fingerprint }) => !known.has(fingerprint))];
}

/** True if BigCommerce may still accept it. A token that is gone does not count, nor one whose revocation was accepted. */
export function isLive({ role, fate, expiry, isGone }: HeldToken, now: number): boolean {
  if (isGone) return false;
  if (role !== "predecessor" && role !== "pending replacement") return true;
  return fate === "letExpire" && (expiry === undefined || expiry === "never" || now < expiry);
}

function heldBy(resource: StateResource, kind: KindName, reader: PropertyReader): HeldToken {
  const expiry = reader.expiry("effectiveExpiresAt") ?? reader.expiry("expiresAt");
  const { urn, isProtected, isTainted, initErrors, isPendingDelete, isDeleted } = resource;
  const isByHand = isAdopted(reader, reader);
  return {
    ...partsOf(urn),
    urn,
    kind,
    role: isDeleted ? "pending replacement" : isPendingDelete ? "pending delete" : "current",
    ...(isDeleted && { fate: fatesOfDeletedFirst(resource, reader).own }),
    ...identityOf(resource.id, reader),
    ...defined({
      label: reader.text("label"),
      listName: reader.text("listName"),
      lifetime: reader.text("lifetime"),
      rotateBefore: reader.text("rotateBefore"),
      expiry,
      rotateAt: rotateAtOf(reader, expiry),
    }),
    ...rightsOf(kind, reader),
    isProtected,
    isTainted,
    isUnproven: reader.is("verified", false) || initErrors.length > 0,
    isAdopted: isByHand,
    hasOwnJti: !isByHand || reader.is("verified", true),
    isGone: reader.is("gone", true),
    hidden: [...SHOWN, ...KINDS[kind].rights].filter((name) => reader.isHidden(name)),
  };
}

/** A state names the token that its resource adopted first, which need not be the one that it holds now. */
function isAdopted(state: PropertyReader, token: PropertyReader): boolean {
  const fingerprint = token.text("fingerprint");
  return fingerprint !== undefined && state.text("adopted") === fingerprint;
}

/** Unix seconds from which on an update rotates the token, by what the last update recorded: the provider's own rule. */
function rotateAtOf(reader: PropertyReader, expiry: Expiry = "never"): number | undefined {
  const lifetime = reader.text("lifetime");
  const rotateBefore = reader.text("rotateBefore");
  const isKnown = !reader.isHidden("lifetime") && !reader.isHidden("rotateBefore") && expiry !== "never";
  // The provider wrote `rotateAt` for readers. It counts only if the rule cannot be computed.
  if (!isKnown) return reader.time("rotateAt");
  if (lifetime === undefined || durationSeconds(lifetime) === undefined) return undefined;
  return expiry - rotateBeforeSeconds({ lifetime, ...(rotateBefore && { rotateBefore }) });
}

function predecessorOf(
  resource: StateResource,
  kind: KindName,
  reader: PropertyReader,
): HeldToken | undefined {
  const previous = reader.nested("previous");
  if (!previous) return undefined;
  const { urn, isDeleted } = resource;
  const isKept = !isDeleted || fatesOfDeletedFirst(resource, reader).previous === "letExpire";
  const isLeft = previous.is("fate", "letExpire") && isKept;
  const isByHand = isAdopted(reader, previous);
  return {
    ...partsOf(urn),
    urn,
    kind,
    role: "predecessor",
    ...identityOf(previous.text("id"), previous),
    ...defined({
      label: reader.text("label"),
      expiry: previous.expiry("expiresAt"),
    }),
    ...rightsOf(kind, previous),
    isProtected: false,
    isTainted: false,
    isUnproven: false,
    isAdopted: isByHand,
    hasOwnJti: !isByHand && !previous.is("unproven", true),
    isGone: false,
    fate: isLeft ? "letExpire" : "revoke",
    hidden: [],
  };
}

function identityOf(id: string | undefined, reader: PropertyReader) {
  const fingerprint = reader.text("fingerprint");
  return defined({ id, jti: id === fingerprint ? undefined : id, fingerprint });
}

function rightsOf(kind: KindName, reader: PropertyReader) {
  return defined({
    storeHash: reader.text("storeHash"),
    apiUrl: reader.text("apiUrl"),
    apiAccount: reader.text("apiAccount"),
    channelIds: reader.numbers("channelIds"),
    ...Object.fromEntries(KINDS[kind].rights.map((right) => [right, reader.texts(right)])),
    issuedAt: reader.time("issuedAt"),
  });
}
