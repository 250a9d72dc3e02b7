import { declare } from "../support/program";
import { itOnClasses, Stack } from "../support/stack";

const SERVER = { channelIds: [1], scopes: ["Customer"], lifetime: "90d" };
const token = (name: string) => declare({ kind: "PrivateToken", name, args: SERVER });
const PLAIN =
  /warning: configuration bigcommerce:accessToken holds a credential in plain text, .*`pulumi config set --secret bigcommerce:accessToken`/g;

let stack: Stack;
afterEach(() => stack.close());

// The plugin gets all configuration in clear.
itOnClasses(
  "a credential that was stored with --plaintext is warned of once a run, and a secret one is not",
  async () => {
    stack = await Stack.start(`${token("a")}\n${token("b")}`);
    await stack.ok("config", "set", "--plaintext", "bigcommerce:accessToken", "not-the-credential");
    const diagnostics = (await stack.ok("preview")).split("Diagnostics:")[1] ?? "";
    expect(diagnostics.match(PLAIN)).toHaveLength(1);
    expect(diagnostics).not.toContain("not-the-credential");

    await stack.ok("config", "set", "--secret", "bigcommerce:accessToken", "not-the-credential");
    expect(await stack.ok("preview")).not.toContain("in plain text");
  },
);

it("refresh and destroy use the credential of the last update, and with --run-program the present one", async () => {
  stack = await Stack.start(token("server"), { ownProcess: true });
  const credential = stack.env["BIGCOMMERCE_ACCESS_TOKEN"] ?? "";
  const configure = (text: string) => stack.ok("config", "set", "--secret", "bigcommerce:accessToken", text);
  stack.env["BIGCOMMERCE_ACCESS_TOKEN"] = undefined;
  await stack.ok("config", "set", "bigcommerce:storeHash", stack.store);
  await configure(credential);
  await stack.up();
  await configure("a-credential-that-is-wrong-0123");
  const REFUSED = /answered 401/;

  expect(await stack.ok("refresh", "--yes")).not.toMatch(REFUSED);
  expect(await stack.ok("refresh", "--yes", "--run-program")).toMatch(REFUSED);
  // That run's configuration is now the last one.
  await configure(credential);
  expect(await stack.fails("destroy", "--yes", "--skip-preview")).toMatch(REFUSED);
  expect(stack.live()).toHaveLength(1);
  await stack.ok("destroy", "--yes", "--skip-preview", "--run-program");
  expect(stack.live()).toEqual([]);
});
