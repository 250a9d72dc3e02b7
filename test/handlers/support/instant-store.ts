import type { Client } from "../../../provider/bigcommerce/client";
import { fingerprint } from "../../../provider/domain/fingerprint";

/** A token of an instant store. Times are Unix seconds by the store's clock. */
export interface InstantToken {
  readonly fingerprint: string;
  readonly issuedAt: number;
  /** As the token's own claim says. Absent for a token that never expires. */
  readonly expiresAt?: number;
  revokedAt?: number;
}

/** A store without a wire, which mints and revokes at once, so that a property can play years of updates in milliseconds. */
export function instantStore(now: () => number, granted = (requested: number) => requested) {
  const issued: InstantToken[] = [];
  const client: Client = {
    detect: () => Promise.resolve({ spentMs: 0, queuedMs: 0 }),
    tokenList: () => Promise.reject(new Error("nothing looks into a list here")),
    ask: () => Promise.reject(new Error("nothing asks GraphQL here")),
    verify: () => Promise.resolve(undefined),
    mint: (_, { body }, options) => {
      options?.onSend?.();
      const requested = Number(body["expires_at"]);
      const issuedAt = now();
      const expiry = requested === 0 ? {} : { eat: granted(requested) };
      const token = textOf({
        jti: `jti-${issued.length}`,
        iat: issuedAt,
        cid: body["channel_ids"],
        ...expiry,
      });
      issued.push({
        fingerprint: fingerprint(token),
        issuedAt,
        ...("eat" in expiry && { expiresAt: expiry.eat }),
      });
      return Promise.resolve({ token });
    },
    revoke: ([{ credentialSource }], request) => {
      const token = issued.find((each) => each.fingerprint === request.fingerprint);
      if (!token) throw new Error("this store did not mint the token");
      token.revokedAt = now();
      return Promise.resolve({ kind: "accepted", says: "BigCommerce", by: "jti", credentialSource });
    },
  };
  return { client, issued };
}

function textOf(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.x`;
}
