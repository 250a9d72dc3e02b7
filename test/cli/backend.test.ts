import { requireUnlocked } from "../../cli/pulumi/lock";
import { readBackend } from "../../cli/pulumi/backend";
import { fakeSystem } from "./fake-system";

const OWNER = { organization: "organization", project: "shop", stack: "dev" };

function backendAt(url: unknown) {
  const pulumi = () => ({ stdout: JSON.stringify({ user: "ann", url }) });
  const files = { "/home/ann/my states/.pulumi/locks/organization/shop/dev/1.json": "{}" };
  return fakeSystem([], { pulumi, files, env: { HOME: "/home/ann" } }).system;
}

it.each([
  "file:///home/ann/my%20states",
  "file://~/my%20states",
  "file:///home/ann/my%20states?metadata=skip",
])("the lock of a stack is found in %s", async (url) => {
  const system = backendAt(url);
  const looked = requireUnlocked(system, OWNER, await readBackend(system));
  await expect(looked).rejects.toThrow("an update of organization/shop/dev is running");
});

it("pulumi that names no backend is told in one line", async () => {
  await expect(readBackend(backendAt(5))).rejects.toThrow(
    /^pulumi whoami names no backend: run `pulumi login`$/,
  );
});
