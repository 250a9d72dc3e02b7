import { plaintextProblems } from "../../provider/domain/plaintext-credentials";

const problems = (values: Readonly<Record<string, string>>, secrets: readonly string[] = []) =>
  plaintextProblems({ get: (key) => values[key], isSecret: (key) => secrets.includes(key) });
const told = (key: string, cure: string) =>
  `configuration ${key} holds a credential in plain text, for all who can read the stack's configuration: run ` +
  `\`pulumi config set --secret ${cure}\`, and replace the credential if others could read it`;

const TOKEN = "bigcommerce:accessToken";
const PREVIOUS = "bigcommerce:previousAccessToken";
const STORES = "bigcommerce:stores";

it("a configuration without credentials, or with secret ones, has no problem", () => {
  expect(problems({})).toEqual([]);
  expect(problems({ [TOKEN]: "", [STORES]: '{"abc123":{"apiUrl":"https://api.example.com"}}' })).toEqual([]);
  expect(problems({ [TOKEN]: "x", [STORES]: '{"abc123":{"accessToken":"x"}}' }, [TOKEN, STORES])).toEqual([]);
});

it("each key in plain text is told by itself", () => {
  expect(problems({ [PREVIOUS]: "x" })).toEqual([told(PREVIOUS, PREVIOUS)]);
  expect(problems({ [PREVIOUS]: "x" }, [PREVIOUS])).toEqual([]);
  expect(problems({ [TOKEN]: "x", [STORES]: '{"abc123":{"accessToken":"x"}}' })).toEqual([
    told(TOKEN, TOKEN),
    told(STORES, "--path bigcommerce:stores.abc123.accessToken"),
  ]);
  expect(problems({ [TOKEN]: "x", [STORES]: '{"abc123":{"accessToken":"x"}}' }, [STORES])).toEqual([
    told(TOKEN, TOKEN),
  ]);
});

it.each([
  ['{"abc123":{"accessToken":"x"}}', "abc123.accessToken"],
  ['{"abc123": {"accessToken": "x"}}', "abc123.accessToken"],
  ['{"abc123":{"previousAccessToken":"x"}}', "abc123.previousAccessToken"],
  ['{"abc123":{"apiUrl":"https://a.example","accessToken":"x"}}', "abc123.accessToken"],
  ['{"first":{"apiUrl":"https://a.example"},"second":{"accessToken":"x"}}', "second.accessToken"],
  ['{"first":{"accessToken":""},"second":{"accessToken":"x"}}', "second.accessToken"],
  ['{"Not A Hash":{"accessToken":"x"}}', "HASH.accessToken"],
])("the command names the first store with a credential: %s", (text, path) => {
  expect(problems({ [STORES]: text })).toEqual([told(STORES, `--path bigcommerce:stores.${path}`)]);
});

it.each(['{"abc123":{"accessToken":""}}', '{"abc123":{"myToken":"x"}}', '{"accessToken":{"a":"x"}}'])(
  "a store without a credential has none: %s",
  (text) => {
    expect(problems({ [STORES]: text })).toEqual([]);
  },
);
