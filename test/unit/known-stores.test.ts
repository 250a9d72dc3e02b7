import { createSettings, type Environment } from "../../provider/settings/settings";
import { SECRET } from "../handlers/support/samples";

const stores = (env: Environment, config: Record<string, string> = {}) =>
  createSettings(env, { get: (key) => config[key] }).stores();

it("knows every store that configuration and environment name, each once", () => {
  const env = {
    ...{ BIGCOMMERCE_STORE_HASH: "env1", BIGCOMMERCE_ACCESS_TOKEN: SECRET, BIGCOMMERCE_ACCESS_TOKEN_OWN1: SECRET },
    ...{ BIGCOMMERCE_ACCESS_TOKEN_OLD1_PREVIOUS: SECRET, BIGCOMMERCE_ACCESS_TOKEN_ENV1: SECRET, OTHER: "x" },
  };
  const config = {
    "bigcommerce:storeHash": "conf1",
    "bigcommerce:stores": JSON.stringify({ map1: { accessToken: SECRET }, map2: {}, own1: {} }),
  };
  expect(stores(env, config)).toEqual({ hashes: ["conf1", "env1", "map1", "map2", "old1", "own1"], problems: [] });
}); // prettier-ignore

it("knows none where nothing names one, an empty variable included", () => {
  const env = {
    BIGCOMMERCE_ACCESS_TOKEN: SECRET,
    BIGCOMMERCE_ACCESS_TOKEN_OWN1: "",
    BIGCOMMERCE_STORE_HASH: "",
  };
  expect(stores(env)).toEqual({ hashes: [], problems: [] });
});

it.each<[string, Environment, Record<string, string>, RegExp]>([
  ["a variable in small letters", { BIGCOMMERCE_ACCESS_TOKEN_abc123: SECRET }, {}, /^environment variable BIGCOMMERCE_ACCESS_TOKEN_abc123 names no store: /],
  ["a variable with a dash", { "BIGCOMMERCE_ACCESS_TOKEN_MY-SHOP": SECRET }, {}, /_MY-SHOP names no store: /],
  ["a variable without a hash", { BIGCOMMERCE_ACCESS_TOKEN_: SECRET }, {}, /BIGCOMMERCE_ACCESS_TOKEN_ names no store: /],
  ["a variable with a line break", { "BIGCOMMERCE_ACCESS_TOKEN_A\nB": SECRET }, {}, /names no store: /],
  ["a default store in the environment", { BIGCOMMERCE_STORE_HASH: SECRET }, {}, /^environment variable BIGCOMMERCE_STORE_HASH is not a store hash: /],
  ["a default store in the configuration", {}, { "bigcommerce:storeHash": "A B" }, /^configuration bigcommerce:storeHash is not a store hash: /],
  ["stores that are no JSON", {}, { "bigcommerce:stores": "{" }, /^configuration bigcommerce:stores .* is malformed: /],
  ["a store's key", {}, { "bigcommerce:stores": '{"A B":{}}' }, /^configuration bigcommerce:stores .* is malformed: /],
])("tells of %s that is malformed in a line, and knows the others", (_, env, config, line) => {
  const known = stores({ BIGCOMMERCE_ACCESS_TOKEN_OWN1: SECRET, ...env }, config);
  expect(known.hashes).toEqual(["own1"]);
  expect(known.problems).toEqual([expect.stringMatching(line)]);
  expect(known.problems[0]).not.toContain(SECRET);
}); // prettier-ignore
