import { generateKeyPairSync, sign, verify } from "node:crypto";

import { parseObject } from "./parse";

export type Claims = Readonly<Record<string, unknown>>;

/** Why a text is no token of this emulator, in the order of GraphQL's checks. */
type JwtProblem = "not-a-jwt" | "no-json" | "bad-signature";

export interface Signer {
  sign(claims: Claims): string;
  /** The payload, even if the signature is invalid. `fault` is set if the token is invalid. */
  read(token: string): { readonly claims?: Claims; readonly fault?: JwtProblem };
}

/** ES256 with a new key: an emulator rejects tokens of any other emulator. */
export function createSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const head = base64url({ typ: "JWT", alg: "ES256" });
  return {
    sign(claims) {
      const signed = `${head}.${base64url(claims)}`;
      // A JWT has the raw signature of 64 bytes. Node.js writes DER by default.
      const key = { key: privateKey, dsaEncoding: "ieee-p1363" } as const;
      return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
    },
    read(token) {
      const [header, payload, signature] = token.split(".");
      if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token) || !header || !payload || !signature)
        return { fault: "not-a-jwt" };
      const claims = decodeObject(payload);
      if (claims === undefined || decodeObject(header) === undefined) return { fault: "no-json" };
      const key = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
      const genuine = verify(
        "sha256",
        Buffer.from(`${header}.${payload}`),
        key,
        Buffer.from(signature, "base64url"),
      );
      return genuine ? { claims } : { claims, fault: "bad-signature" };
    },
  };
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decodeObject(segment: string): Claims | undefined {
  return parseObject(Buffer.from(segment, "base64url").toString("utf8"));
}
