import { cli } from "./fake-world";

const TOKEN = `eyJ0eXAiOiJKV1QifQ.${"a".repeat(40)}.${"b".repeat(40)}`;

it.each([
  ["an unknown command", [TOKEN]],
  ["an unknown option", [`--${TOKEN}`]],
])("a token that stands where %s would is not repeated, in one line of error", async (_, args) => {
  const { code, stdout, stderr } = await cli(args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^pulumi-bigcommerce-tokens: [^\n]+\n$/);
  expect(stderr).not.toMatch(/eyJ|aaaa|bbbb/);
});

it("prints its version", async () => {
  const { code, stdout } = await cli(["--version"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});
