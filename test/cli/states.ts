import type { KindName } from "../../provider/domain/kinds";

const CLASSES: Readonly<Record<KindName, string>> = {
  storefront: "StorefrontToken",
  private: "PrivateToken",
  impersonation: "ImpersonationToken",
};

/** A resource of an export, in Pulumi's own words. */
export type Exported = Readonly<Record<string, unknown>>;

export interface TokenOptions {
  readonly kind?: KindName;
  readonly stack?: string;
  readonly id?: string;
  /** Beside and over the usual ones; undefined removes one. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** `delete`, `protect` and the like. */
  readonly rest?: Readonly<Record<string, unknown>>;
}

export const NOW = Date.parse("2027-01-10T12:00:00Z") / 1000;
export const DAY = 86_400;

/** RFC 3339, days from `NOW`. */
export function day(days: number): string {
  return new Date((NOW + days * DAY) * 1000).toISOString().replace(".000Z", "Z");
}

/** A secret as an export without `--show-secrets` holds it. */
export const SECRET = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:AAAAAAAAAAAAAAAA:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB",
};

/** As `--show-secrets` shows it. */
export function shown(value: unknown): unknown {
  const { ciphertext: _, ...signature } = SECRET;
  return { ...signature, plaintext: JSON.stringify(value) };
}

export function urnOf(name: string, kind: KindName = "private", stack = "dev"): string {
  return `urn:pulumi:${stack}::shop::pulumi-nodejs:dynamic/bigcommerce:${CLASSES[kind]}::${name}`;
}

/** The fingerprint of the token of a name, in these tests. */
export function printOf(name: string): string {
  return Buffer.from(name.padEnd(8, "0")).toString("hex").slice(0, 16);
}

/** A private token of 90 days, rotated 30 days before its end, with 60 days left. */
export function token(name: string, options: TokenOptions = {}): Exported {
  const { kind = "private", stack, id = `jti-${name}`, outputs = {}, rest = {} } = options;
  const all: Readonly<Record<string, unknown>> = {
    label: `acme/shop/${stack ?? "dev"}/${kind}/${name}`,
    storeHash: "abc123",
    channelIds: [1],
    ...(kind === "private" && { scopes: ["Customer"] }),
    expiresAt: day(60),
    issuedAt: day(-30),
    lifetime: "90d",
    rotateBefore: "30d",
    overlap: "auto",
    onDelete: "revoke",
    fingerprint: printOf(name),
    apiAccount: "client-a",
    token: SECRET,
    ...outputs,
  };
  const defined = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const type = `pulumi-nodejs:dynamic/bigcommerce:${CLASSES[kind]}`;
  return { urn: urnOf(name, kind, stack), custom: true, id, type, inputs: {}, outputs: defined, ...rest };
}

/** What a successor's state says of the token of that name. */
export function previous(name: string, rest: Readonly<Record<string, unknown>> = {}): Exported {
  return {
    id: `jti-${name}`,
    fingerprint: printOf(name),
    issuedAt: day(-80),
    expiresAt: day(10),
    fate: "letExpire",
    storeHash: "abc123",
    channelIds: [1],
    scopes: ["Customer"],
    apiAccount: "client-a",
    ...rest,
  };
}

export function deployment(...resources: readonly Exported[]): Exported {
  const stack = { urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", custom: false, type: "pulumi:pulumi:Stack" }; // prettier-ignore
  return { manifest: { time: day(-1), magic: "", version: "v3.259.0" }, resources: [stack, ...resources] };
}

/** The text of `pulumi stack export`. */
export function exported(...resources: readonly Exported[]): string {
  return JSON.stringify({ version: 3, deployment: deployment(...resources) }, undefined, 4);
}
