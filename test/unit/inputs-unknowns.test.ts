import { parseInputs } from "../../provider/domain/inputs";
import { KINDS } from "../../provider/domain/kinds";
import { UNKNOWN } from "../../provider/domain/unknown";
import { goodArgs, LABEL, SENTINELS } from "../handlers/support/samples";

const parse = (change: object, kind = KINDS.private) =>
  parseInputs(kind, { ...goodArgs(kind), label: LABEL, ...change });

describe.each(SENTINELS)("[U4] what is not known before the update (%s)", (sentinel) => {
  it.each(["channelIds", "scopes", "overlap", "onDelete", "storeHash"])("passes through as %s", (name) => {
    const { inputs, failures } = parse({ [name]: sentinel });
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ [name]: sentinel });
  });

  it("passes through as the end", () => {
    const { inputs, failures } = parse({ lifetime: undefined, expiresAt: sentinel });
    expect(failures).toEqual([]);
    expect(inputs.expiresAt).toBe(sentinel);
  });

  it.each([
    ["channelIds", [1, sentinel]],
    ["scopes", [sentinel]],
  ])("passes through inside the list %s", (name, list) => {
    const { inputs, failures } = parse({ [name]: list });
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ [name]: list });
  });

  it("passes through inside the list of origins, however many there are", () => {
    const allowedCorsOrigins = ["https://a.x", sentinel, "https://b.x"];
    const { inputs, failures } = parse({ allowedCorsOrigins }, KINDS.storefront);
    expect(failures).toEqual([]);
    expect(inputs.allowedCorsOrigins).toEqual(allowedCorsOrigins);
  });

  it.each(["lifetime", "rotateBefore"])(
    "is the one unknown value as %s, so that one comparison finds it",
    (name) => {
      const { inputs, failures } = parse({ [name]: sentinel });
      expect(failures).toEqual([]);
      expect(inputs).toMatchObject({ [name]: UNKNOWN });
    },
  );

  it("defers the rules between properties", () => {
    const never = { lifetime: undefined, expiresAt: sentinel, onDelete: "letExpire", overlap: "always" };
    expect(parse(never).failures).toEqual([]);
    expect(parse({ lifetime: sentinel, rotateBefore: "100w" }).failures).toEqual([]);
    expect(parse({ lifetime: "10s", rotateBefore: sentinel }).failures).toEqual([]);
  });

  it("does not hide what is wrong elsewhere", () => {
    const { failures } = parse({ channelIds: sentinel, overlap: "maybe" });
    expect(failures).toEqual([expect.stringMatching(/^overlap: /)]);
  });
});
