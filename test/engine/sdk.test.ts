import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const TOOLS = join(__dirname, "../../tools");

/** Runs the tool where PATH has nothing. */
function sdk(...languages: readonly string[]) {
  const options = { env: { PATH: "" }, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(TOOLS, "sdk/sdk.mjs"), ...languages],
    options,
  );
  return { status, stdout, stderr };
}

describe("the tool that generates SDKs", () => {
  it("says in one line which languages there are", () => {
    expect(sdk("python", "ruby")).toEqual({
      status: 1,
      stdout: "",
      stderr: `sdk: no SDK for "ruby": there are go, nodejs, python\n`,
    });
  });

  it("says in one line that it needs Go", () => {
    expect(sdk("python")).toEqual({
      status: 1,
      stdout: "",
      stderr: "sdk: Go is not on PATH: the generators are Go modules\n",
    });
  });

  it("generates for the languages that its command knows", () => {
    const [script, command] = ["sdk/sdk.mjs", "engine/cli/sdk/main.go"].map((file) =>
      readFileSync(join(TOOLS, file), "utf8"),
    );
    const listed = /LANGUAGES = \[(.+)\]/.exec(script!)?.[1]?.match(/\w+/g);
    expect(listed).toEqual([...command!.matchAll(/case "(\w+)":/g)].map(([, language]) => language));
  });
});
