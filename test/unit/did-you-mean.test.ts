import { didYouMean, nearest } from "../../provider/domain/did-you-mean";

it("a message ends with the guess, if there is one", () => {
  expect(didYouMean("lifetime")).toBe('; did you mean "lifetime"?');
  expect(didYouMean(undefined)).toBe("");
});

describe("the name that was meant", () => {
  const NAMES = ["auto", "always", "never", "allowedCorsOrigins"] as const;

  it.each([
    ["auto", "auto"],
    ["Auto", "auto"],
    ["ALWAYS", "always"],
    ["allways", "always"],
    ["alway", "always"],
    ["awlays", "always"],
    ["nver", "never"],
    ["nevver", "never"],
    ["newer", "never"],
    ["autobb", "auto"],
    ["bbauto", "auto"],
    // Two of four letters, and six of eighteen: a third of a long name may be wrong.
    ["aubb", "auto"],
    ["allowedCorsOxxxxxx", "allowedCorsOrigins"],
    ["allowedCors", undefined],
    ["allowedCorsxxxxxxx", undefined],
    ["autobbb", undefined],
    ["abbb", undefined],
    ["", undefined],
    ["xyz", undefined],
    // The end of a name, and as many other letters as its beginning has.
    ["waysxx", undefined],
    ["oxx", undefined],
  ])("by %j is %j", (text, name) => {
    expect(nearest(text, NAMES)).toBe(name);
  });

  it("is looked for at once, however long the text is", () => {
    const before = process.cpuUsage();
    expect(nearest("a".repeat(1_000_000), NAMES)).toBeUndefined();
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
  });

  it("is the one with the fewest differences, and of two the first", () => {
    expect(nearest("abd", ["abe", "abd"])).toBe("abd");
    expect(nearest("abx", ["abe", "abd"])).toBe("abe");
    expect(nearest<string>("ab", [])).toBeUndefined();
  });
});
