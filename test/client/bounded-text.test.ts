import { createRedactor } from "../../provider/bigcommerce/redact";
import { cpuMs } from "../support/cpu-time";
import { CREDENTIAL, TOKEN } from "./fixtures";

/** As much as Node takes for a header, and more than is ever read of a title. */
const LENGTH = 16_000;
const fill = (piece: string) => piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH);

describe("a text of a server", () => {
  it.each([
    ["one word", fill("a")],
    ["dashes", fill("a-")],
    ["beginnings of tokens", fill("eyJ")],
    ["almost tokens", fill(`${"a".repeat(15)}.`)],
    ["tokens", fill(`${TOKEN} `)],
    ["almost secrets", fill(`${CREDENTIAL.slice(0, 11)}x`)],
    ["control characters", fill("\u0000 ")],
    ["blanks", `${fill(" ")}x`],
  ])("is searched in no time, though it was made to take long: %s", (_, text) => {
    const redact = createRedactor([CREDENTIAL, TOKEN]);
    // The forms of the secrets are made at the first use.
    redact("");
    expect(cpuMs(() => redact(text))).toBeLessThan(100);
  });
});
