import { createRedactor, shownTexts } from "../../provider/bigcommerce/redact";

const SECRET = ["q7x2k9m4v8b3", "n6c1z5w0r8t2", "y4u6i1o"].join("");
const LEFT_OUT = ["the server's text was left out"];
const shown = (text: string) => shownTexts([text], createRedactor([SECRET]));

it.each([
  "You don't have a required scope to access the endpoint",
  "The following fields are invalid: allowed_cors_origins:has_invalid_suffix",
  "Allowed CORS origins list length should not be greater than 2",
  "'Origin' header invalid: The 'Origin' request header value did not match the allowed origin set in the JWT auth token. Please generate a token that is valid for this origin.",
  "No token found for the supplied jti.",
])("a plain sentence is shown as it is: %s", (text) => {
  expect(shown(text)).toEqual([text]);
});

it("a known secret in one stays masked", () => {
  expect(shown(`token ${SECRET} is unknown`)).toEqual(["token *** is unknown"]);
});

const letters = SECRET.split("");
const reversed = [...letters].reverse().join("");
const twice = encodeURIComponent(encodeURIComponent(`/${SECRET.slice(0, 12)}/${SECRET.slice(12)}`));
it.each([
  ["reversed", reversed],
  ["in hexadecimal", Buffer.from(SECRET).toString("hex")],
  ["in base64 twice", Buffer.from(Buffer.from(SECRET).toString("base64")).toString("base64")],
  ["URL-encoded twice", twice],
  ["as a pair of a query", `a=${reversed.slice(0, 10)}`],
  ["in letters of another alphabet", letters.map((letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)).join("")],
  ["behind 200 characters", `${"no ".repeat(70)}x`],
])("what could hold a secret %s is left out", (_, text) => {
  expect(shown(text)).toEqual(LEFT_OUT);
  expect(shown(`the server says ${text} again`)).toEqual(LEFT_OUT);
}); // prettier-ignore

it("what is left out of several is said once", () => {
  const texts = [reversed, "Missing scope", `${reversed}!`];
  expect(shownTexts(texts, createRedactor([]))).toEqual([...LEFT_OUT, "Missing scope"]);
});
