import { createHash } from "node:crypto";

import { fingerprint, sha256 } from "../../provider/domain/fingerprint";

it("is the first sixteen hex digits of the token's SHA-256", () => {
  // FIPS 180-2, appendix B.1.
  expect(fingerprint("abc")).toBe("ba7816bf8f01cfea");
});

it("hashes bytes of UTF-8", () => {
  expect(sha256("ü", 64)).toBe(
    createHash("sha256")
      .update(Buffer.from([0xc3, 0xbc]))
      .digest("hex"),
  );
});

it("is no part of the token, and tells two tokens apart", () => {
  const token = "eyJhbGciOiJFUzI1NiJ9.eyJqdGkiOiJhIn0.c2ln";
  expect(token).not.toContain(fingerprint(token));
  expect(fingerprint(token)).not.toBe(fingerprint(`${token}A`));
});
