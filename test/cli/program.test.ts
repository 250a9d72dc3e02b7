import { runProgram } from "../../cli/program";
import { unlinked } from "../support/error-link";
import { cli, fakeSystem } from "./fake-system";
import { exported, NOW, token } from "./states";

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

it.each<[string, readonly string[], string]>([
  ["an unknown option", ["status", "--colour"], "usage"],
  ["an argument that does not fit", ["status", "--urns-due", "--all"], "usage"],
  ["a Pulumi that is missing", ["status"], "pulumi_missing"],
  ["a token among the arguments", ["inspect", TOKEN], "secret_argument"],
])("an error ends with the address of its code: %s", async (_, args, code) => {
  const { system } = fakeSystem(args);
  const shown: string[] = [];
  await runProgram({ ...system, output: { ...system.output, stderr: (text) => void shown.push(text) } });
  expect(shown.map((line) => unlinked(line.trimEnd()).code)).toEqual([code]);
});

it("prints its version", async () => {
  const { code, stdout } = await cli(["--version"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

it.each(["status", "audit", "preview", "inspect", "revoke", "retire", "orphans", "doctor"])(
  "%s can print JSON, by the same option",
  async (command) => {
    const { code, stdout } = await cli([command, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +--json +prints JSON/m);
  },
);

it("audit diff takes --json behind its exports", async () => {
  const files = { "a.json": exported(), "b.json": exported(token("b")) };
  const { code, stdout } = await cli(["audit", "diff", "a.json", "b.json", "--json"], { now: NOW, files });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toHaveProperty("events.0.what", "minted");
});

it("status prints arguments or JSON, and does not guess which", async () => {
  const { code, stdout, stderr } = await cli(["status", "--urns-due", "--json"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^[^\n]*'--urns-due' cannot be used with option '--json'\n$/);
});
