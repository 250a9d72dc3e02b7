import type { ParsedInputs } from "../../provider/domain/inputs";
import { newValueProblems } from "../../provider/domain/new-values";
import { UNKNOWN } from "../../provider/domain/unknown";

const LABEL = "acme/shop/prod/storefront/web";
const OLD = { label: LABEL, channelIds: [1] };
const channels = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
const host = (...labels: readonly number[]) => `https://${labels.map((size) => "a".repeat(size)).join(".")}`;

type Old = Parameters<typeof newValueProblems>[2];
const problems = (name: string | undefined, inputs: object = {}, old?: Old, labels: readonly string[] = []) =>
  newValueProblems(name, inputs as ParsedInputs, old, labels);
const reasons = (...args: Parameters<typeof problems>) =>
  problems(...args).map(({ property, reason }) => `${property ?? ""}: ${reason}`);

it("a new resource with plain values has no problem", () => {
  expect(problems("web", { channelIds: [1], allowedCorsOrigins: ["https://shop.example.com"] })).toEqual([]);
  expect(problems(undefined)).toEqual([]);
});

describe("a resource's name", () => {
  it("with a wildcard is refused, and the alias that keeps the resource is told", () => {
    expect(reasons("we*b")).toEqual([
      "name: holds *, which `pulumi up --target` and `--replace` read as any text; give the resource another name, " +
        'and aliases: [{ name: "we*b" }] where it exists already',
    ]);
  });

  it("with a control character is refused, and the alias is written in printable ASCII", () => {
    expect(reasons("w\u0007\u00e9\u{1f600}b")).toEqual([
      "name: holds a control character, which command lines and logs take for something else; give the resource " +
        'another name, and aliases: [{ name: "w\\u0007\\u00e9\\ud83d\\ude00b" }] where it exists already',
    ]);
  });

  it("stays if the state has it already, under a label of any version", () => {
    expect(problems("we*b", {}, OLD, ["another", LABEL])).toEqual([]);
    expect(problems("we*b", {}, OLD, ["another"])).toHaveLength(1);
    expect(problems("we*b", {}, undefined, [LABEL])).toHaveLength(1);
  });
});

describe("channels", () => {
  it("are at most 1,000, unless the state has the same already", () => {
    const text =
      "channelIds: has more than 1000 channels, which is a limit of this package: a token holds all of its channels, " +
      "and has to fit into a request's header; declare several tokens";
    expect(problems("web", { channelIds: channels(1_000) })).toEqual([]);
    expect(reasons("web", { channelIds: channels(1_001) })).toEqual([text]);
    expect(reasons("web", { channelIds: channels(1_001) }, OLD)).toEqual([text]);
    expect(problems("web", { channelIds: channels(1_001) }, { ...OLD, channelIds: channels(1_001) })).toEqual([]);
  }); // prettier-ignore

  it("that are unknown are no problem yet", () => {
    expect(problems("web", { channelIds: UNKNOWN })).toEqual([]);
    expect(problems("web", { channelIds: [...channels(1_001), UNKNOWN] })).toEqual([]);
  });
});

describe("an origin", () => {
  it.each([
    [host(63, 63, 63, 61), true],
    [host(63, 63, 63, 62), false],
    [host(64, 3), false],
    [host(3, 64), false],
    [host(63, 3), true],
  ])("has a host that DNS can name: %s: %j", (origin, isFine) => {
    const reason =
      "must have a host of at most 253 characters, and of at most 63 between its dots, as DNS names have";
    const found = problems("web", { allowedCorsOrigins: ["https://b.example.com", origin] });
    expect(found).toEqual(isFine ? [] : [{ property: "allowedCorsOrigins", path: [1], reason }]);
  });

  it("stays if the state has it already", () => {
    const old = { ...OLD, allowedCorsOrigins: [host(64)] };
    expect(problems("web", { allowedCorsOrigins: [host(64)] }, old)).toEqual([]);
    expect(problems("web", { allowedCorsOrigins: [host(64), host(65)] }, old)).toMatchObject([{ path: [1] }]);
  });

  it("that is unknown is no problem yet", () => {
    expect(problems("web", { allowedCorsOrigins: UNKNOWN })).toEqual([]);
    expect(problems("web", { allowedCorsOrigins: [host(64), UNKNOWN] })).toEqual([]);
  });
});
