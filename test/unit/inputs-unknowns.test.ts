import { failureText, parseInputs } from "../../provider/domain/inputs";
import { KINDS } from "../../provider/domain/kinds";
import { withoutUnknowns, withUnknowns } from "../../provider/pulumi-values";
import { goodArgs, LABEL, SENTINELS } from "../handlers/support/samples";

/** From Pulumi's values to Pulumi's values, as a host does it. */
const parse = (change: object, kind = KINDS.private) => {
  const news = withUnknowns({ ...goodArgs(kind), label: LABEL, ...change });
  const { inputs, failures } = parseInputs(kind, news);
  return { inputs: withoutUnknowns(inputs), failures: failures.map(failureText) };
};

describe.each(SENTINELS)("[U4] what is not known before the update (%s)", (sentinel) => {
  it.each(["channelIds", "scopes", "overlap", "onDelete", "storeHash", "lifetime", "rotateBefore"])(
    "passes through as %s",
    (name) => {
      const { inputs, failures } = parse({ [name]: sentinel });
      expect(failures).toEqual([]);
      expect(inputs).toMatchObject({ [name]: sentinel });
    },
  );

  it("passes through as the end", () => {
    const { inputs, failures } = parse({ lifetime: undefined, expiresAt: sentinel });
    expect(failures).toEqual([]);
    expect(inputs["expiresAt"]).toBe(sentinel);
  });

  it.each([
    ["channelIds", [1, sentinel]],
    ["scopes", [sentinel]],
    ["verify", { graphqlUrl: sentinel }],
  ])("passes through inside %s", (name, value) => {
    const { inputs, failures } = parse({ [name]: value });
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ [name]: value });
  });

  it("passes through inside the list of origins, however many there are", () => {
    const allowedCorsOrigins = ["https://a.x", sentinel, "https://b.x"];
    const { inputs, failures } = parse({ allowedCorsOrigins }, KINDS.storefront);
    expect(failures).toEqual([]);
    expect(inputs["allowedCorsOrigins"]).toEqual(allowedCorsOrigins);
  });

  it("defers the rules between properties", () => {
    const never = { lifetime: undefined, expiresAt: sentinel, onDelete: "letExpire", overlap: "always" };
    expect(parse(never).failures).toEqual([]);
    expect(parse({ lifetime: sentinel, rotateBefore: "100w" }).failures).toEqual([]);
    expect(parse({ lifetime: "10s", rotateBefore: sentinel }).failures).toEqual([]);
    // It may turn out to be undefined.
    const fixed = { lifetime: undefined, expiresAt: "2099-01-01T00:00:00Z", rotateBefore: sentinel };
    expect(parse(fixed).failures).toEqual([]);
  });

  it("does not hide what is wrong elsewhere", () => {
    const { failures } = parse({ channelIds: sentinel, overlap: "maybe" });
    expect(failures).toEqual([expect.stringMatching(/^overlap: /)]);
  });
});
