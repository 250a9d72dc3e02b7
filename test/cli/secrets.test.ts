import { cli, quickClock } from "./fake-system";
import { audited } from "./histories";
import { JWT } from "./hostile";
import { day, exported, NOW, token } from "./states";

const CREDENTIAL = "c".repeat(15) + "7".repeat(16);
const PASSPHRASE = "correct horse battery";

/** Whatever a command may be given as an option's value, or beside its options. */
const GIVEN = [
  ...[["inspect"], ["revoke"], ["status"], ["audit", "diff", "a"], ["retire"], ["orphans"], ["doctor"], ["emulator"], []],
  ...["--stack", "--file", "--within", "--format"].map((option) => ["status", option]),
  ...["--stack", "--history", "--events", "--since", "--until", "--live-between", "--format"].map((option) => ["audit", option]),
  ...["--stack", "--file", "--history"].map((option) => ["inspect", option]),
  ...["--stack", "--file", "--format"].map((option) => ["preview", option]),
  ...["--stack", "--file"].map((option) => ["doctor", option]),
  ...["--store", "--fingerprint", "--stack", "--wait"].map((option) => ["revoke", option]),
  ...["--store", "--fingerprint", "--jti", "--stack"].map((option) => ["orphans", option]),
  ...["--port", "--generation", "--seed"].map((option) => ["emulator", option]),
  ["retire", "--stack"],
]; // prettier-ignore

it.each(GIVEN.map((args) => [args.join(" "), args] as const))("a token behind %j is refused and not quoted, with how to give it, and so is a credential", async (_, args) => {
  for (const [secret, cure] of [[JWT, /standard input: pbpaste \| /], [CREDENTIAL, /BIGCOMMERCE_ACCESS_TOKEN/]] as const) {
    const forms = args.length > 0 ? [[...args, secret], [...args.slice(0, -1), `${args.at(-1) ?? ""}=${secret}`]] : [[secret]];
    for (const given of forms) {
      const { code, stdout, stderr, runs } = await cli(given, { pulumi: () => ({ stdout: "{}" }) });
      expect({ code, stdout, runs }).toEqual({ code: 1, stdout: "", runs: [] });
      expect(stderr).toMatch(/^pulumi-bigcommerce-tokens: [^\n]+ among the arguments: it is now in the shell's history, and other users [^\n]+\n$/);
      expect(stderr).toMatch(cure);
      expect(stderr).not.toMatch(/eyJ|aaaa|ccccc|77777/);
    }
  }
}); // prettier-ignore

it("what stands behind -- is Pulumi's, and is quoted in no error of ours", async () => {
  const args = ["--config", `app:jwt=${JWT}`, "--config", "app:word=hunter2"];
  const { stderr, runs } = await cli(["preview", "--", ...args], { pulumi: () => ({ code: 255, stderr: "error: no" }) }); // prettier-ignore
  expect(runs).toEqual([["preview", "--json", "--show-replacement-steps", "--show-sames", ...args]]);
  expect(stderr).toBe(
    "pulumi-bigcommerce-tokens: pulumi preview --json --show-replacement-steps --show-sames failed: no\n",
  );
});

it.each(["status", "audit", "inspect", "doctor", "preview", "retire", "orphans", "revoke"])(
  "%s repeats no secret that Pulumi's standard error holds",
  async (command) => {
    const env = {
      BIGCOMMERCE_ACCESS_TOKEN: CREDENTIAL,
      BIGCOMMERCE_ACCESS_TOKEN_ABC123: CREDENTIAL.toUpperCase(),
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
      PULUMI_ACCESS_TOKEN: `pul-${"0f".repeat(20)}`,
    };
    const stderr = `warning: x\nerror: ${Object.values(env).join(" ")} and ${JWT}, on a line\n`;
    const more = command === "revoke" ? ["--fingerprint", "0123456789abcdef"] : [];
    const forms = command === "revoke" ? [more, [], ["--store", "abc123", "--wait", "0"]] : [more];
    const failures = ["stack", "whoami", "config", "preview"];
    for (const [form, failing] of forms.flatMap((each) => failures.map((verb) => [each, verb] as const))) {
      const told = await cli([command, ...form, "--json"], {
        // A host that refuses every connection.
        env: { ...env, BIGCOMMERCE_API_URL: "http://127.0.0.1:9", BIGCOMMERCE_TIMEOUT_S: "1" },
        ...{ stdin: JWT, clock: quickClock(NOW) },
        pulumi: ([verb]) =>
          verb === failing
            ? { code: 255, stderr }
            : { stdout: verb === "stack" ? exported(token("a")) : '{"url":"file:///backend"}' },
      });
      const all = told.stdout + told.stderr;
      expect(all).not.toMatch(/ccccc|CCCCC|77777|horse|0f0f|eyJ|aaaa/);
    }
    const { stderr: told } = await cli([command, ...more, "--stack", "x"], { env, stdin: JWT, pulumi: () => ({ code: 255, stderr }) }); // prettier-ignore
    if (command !== "inspect" && command !== "doctor") expect(told).toMatch(/\*\*\*/);
  },
);

it("audit shows a token that stands in a commit's author, message, kind or result as ***", async () => {
  const told = await audited([
    { day: -4, tokens: [] },
    { day: -3, tokens: [token("a", { outputs: { issuedAt: day(-3) } })], message: JWT, kind: `update ${JWT}`, result: `failed ${JWT}`, environment: { "git.author": JWT, "git.head": JWT } },
    { day: -2, tokens: [], environment: { "git.committer": `Ann ${JWT}` } },
  ]); // prettier-ignore
  const [{ update }] = told.events as unknown as [{ update: Record<string, unknown> }];
  const { user, commit, message, kind, result } = update;
  expect({ user, commit, message, kind, result }).toEqual({
    ...{ user: "***", commit: "***", message: "***", kind: "update ***", result: "failed ***" },
  });
  expect(told.events.at(-1)?.update?.["user"]).toBe("Ann ***");
  expect(JSON.stringify(told)).not.toMatch(/eyJ|aaaa/);
});
