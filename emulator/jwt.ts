import { generateKeyPairSync, sign, verify } from "node:crypto";

import { parseObject } from "./parse";

export type Claims = Readonly<Record<string, unknown>>;

/** Why a text is no token of this emulator, in the order of GraphQL's checks. */
type JwtProblem = "not-a-jwt" | "no-json" | "bad-signature";

export type Signer = ReturnType<typeof createSigner>;

/** A JWT has the raw signature of 64 bytes. Node.js writes DER by default. */
const dsaEncoding = "ieee-p1363";

/** ES256 with a new key: an emulator rejects tokens of any other emulator. */
export function createSigner() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const head = base64url({ typ: "JWT", alg: "ES256" });
  return {
    sign(claims: Claims) {
      const signed = Buffer.from(`${head}.${base64url(claims)}`);
      const signature = sign("sha256", signed, { key: privateKey, dsaEncoding });
      return `${signed.toString()}.${signature.toString("base64url")}`;
    },
    /** The payload, even if the signature is invalid. `fault` is set if the token is invalid. */
    read(token: string): { readonly claims?: Claims; readonly fault?: JwtProblem } {
      const [, header, payload, signature] = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token) ?? [];
      if (!header || !payload || !signature) return { fault: "not-a-jwt" };
      const claims = decodeObject(payload);
      if (claims === undefined || decodeObject(header) === undefined) return { fault: "no-json" };
      const signed = Buffer.from(`${header}.${payload}`);
      const key = { key: publicKey, dsaEncoding } as const;
      const isGenuine = verify("sha256", signed, key, Buffer.from(signature, "base64url"));
      return isGenuine ? { claims } : { claims, fault: "bad-signature" };
    },
  };
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decodeObject(segment: string): Claims | undefined {
  return parseObject(Buffer.from(segment, "base64url").toString("utf8"));
}
