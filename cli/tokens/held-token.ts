import { defined } from "../../provider/defined";
import { durationSeconds, type Expiry } from "../../provider/domain/expiry";
import { KINDS, type KindName, kindOf } from "../../provider/domain/kinds";
import type { Fate } from "../../provider/domain/fate";
import type { Deployment, StateResource } from "../pulumi/export";
import { type PropertyReader, readerOf } from "../pulumi/property-values";
import { partsOf } from "../../provider/domain/urn";
import { fatesOfDeletedFirst } from "./deleted-state";
import { rotateBeforeSeconds } from "../../provider/domain/rotation";

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
  /** The token's own claim, if it is earlier than requested. */
  readonly expiry?: Expiry;
  /** True if the state should show when it expires, and does not. The provider takes a text that is no time for `never`. */
  readonly isDamaged?: true;
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
  /** Unix seconds: when that refresh saw it. Absent in states of earlier versions. */
  readonly goneAt?: number;
  /** Of a previous token, and of a pending replacement. `revoke`: its revocation was due, which does not prove it. */
  readonly fate?: Fate;
  /** The properties that the state encrypts, because the program gave them as secrets. */
  readonly hidden: readonly string[];
}

/**
 * `predecessor`: a previous token, which only the state of the token after it describes. `pending delete`: the next update
 * has to revoke it. `pending replacement`: a dependency was replaced delete-first, and the update ended before the new token
 * was minted.
 */
type Role = "current" | "predecessor" | "pending delete" | "pending replacement";

const SHOWN = ["fingerprint", "storeHash", "channelIds", "issuedAt", "expiresAt", "lifetime", "rotateBefore"];

/** Every token that the state names, dead ones included. A token that it names twice is described by its own resource. */
export function tokensOf({ resources }: Deployment): readonly HeldToken[] {
  const own = resources.flatMap((resource) => {
    const kind = kindOf(resource.type);
    return kind ? [{ kind, resource, reader: readerOf(resource.outputs) }] : [];
  });
  const held = own.map(({ kind, resource, reader }) => heldBy(resource, kind, reader));
  const known = new Set(held.map(({ fingerprint }) => fingerprint));
  const previous = own.flatMap(({ kind, resource, reader }) => previousOf(resource, kind, reader) ?? []);
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
  const { id, isProtected, isTainted, initErrors, isPendingDelete, isDeleted } = resource;
  const facts = factsOf(resource, kind, id, reader, reader);
  const isUnproven = reader.is("verified", false) || initErrors.length > 0;
  return {
    ...facts,
    role: isDeleted ? "pending replacement" : isPendingDelete ? "pending delete" : "current",
    ...(isDeleted && { fate: fatesOfDeletedFirst(resource, reader).own }),
    ...defined({
      listName: reader.text("listName"),
      lifetime: reader.text("lifetime"),
      rotateBefore: reader.text("rotateBefore"),
      rotateAt: rotateAtOf(reader, facts.expiry),
      goneAt: reader.is("gone", true) ? reader.time("goneAt") : undefined,
    }),
    ...{ isProtected, isTainted, isUnproven, isGone: reader.is("gone", true) },
    hasOwnJti: !facts.isAdopted || reader.is("verified", true),
    hidden: hiddenIn(reader, kind),
  };
}

/** Unix seconds from which on an update rotates the token, by what the last update recorded: the provider's own rule. */
function rotateAtOf(reader: PropertyReader, expiry: Expiry = "never"): number | undefined {
  const lifetime = reader.text("lifetime");
  const rotateBefore = reader.text("rotateBefore") || undefined;
  const isKnown = !reader.isHidden("lifetime") && !reader.isHidden("rotateBefore") && expiry !== "never";
  // The provider wrote `rotateAt` for readers. It counts only if the rule cannot be computed.
  if (!isKnown) return reader.time("rotateAt");
  if (lifetime === undefined || durationSeconds(lifetime) === undefined) return undefined;
  return expiry - rotateBeforeSeconds(defined({ lifetime, rotateBefore }));
}

function previousOf(resource: StateResource, kind: KindName, reader: PropertyReader): HeldToken | undefined {
  const previous = reader.nested("previous");
  if (!previous) return undefined;
  const facts = factsOf(resource, kind, previous.text("id"), reader, previous);
  const isKept = !resource.isDeleted || fatesOfDeletedFirst(resource, reader).previous === "letExpire";
  return {
    ...{ ...facts, role: "predecessor" },
    fate: isKept && previous.is("fate", "letExpire") ? "letExpire" : "revoke",
    ...{ isProtected: false, isTainted: false, isUnproven: false, isGone: false },
    hasOwnJti: !facts.isAdopted && !previous.is("unproven", true),
    hidden: hiddenIn(previous, kind),
  };
}

function hiddenIn(reader: PropertyReader, kind: KindName): readonly string[] {
  return [...SHOWN, ...KINDS[kind].rights].filter((name) => reader.isHidden(name));
}

/** False if the state encrypts it. */
function isDamaged(token: PropertyReader): boolean {
  const name = token.is("effectiveExpiresAt", undefined) ? "expiresAt" : "effectiveExpiresAt";
  const expiry = token.expiry(name);
  return expiry === "never" ? !token.is(name, "never") : expiry === undefined && !token.isHidden(name);
}

/** What a state tells of its own token and of the previous one alike. */
function factsOf(
  { urn }: StateResource,
  kind: KindName,
  id: string | undefined,
  state: PropertyReader,
  token: PropertyReader,
) {
  const fingerprint = token.text("fingerprint");
  const { stack, project, resource } = partsOf(urn);
  return {
    ...{ stack, project, resource, urn, kind },
    ...defined({
      ...{ id, jti: id === fingerprint ? undefined : id, fingerprint, label: state.text("label") },
      expiry: token.expiry("effectiveExpiresAt") ?? token.expiry("expiresAt"),
      storeHash: token.text("storeHash"),
      apiUrl: token.text("apiUrl"),
      apiAccount: token.text("apiAccount"),
      channelIds: token.numbers("channelIds"),
      ...Object.fromEntries(KINDS[kind].rights.map((right) => [right, token.texts(right)])),
      issuedAt: token.time("issuedAt"),
    }),
    ...(isDamaged(token) && { isDamaged: true as const }),
    // A state names the token that its resource adopted first, which need not be the one that it holds now.
    isAdopted: fingerprint !== undefined && state.text("adopted") === fingerprint,
  };
}
