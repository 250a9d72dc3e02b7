import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { runOk } from "../support/run";
import { Stack } from "../support/stack";
import { useFolders } from "./folders";

/** The one that the build is for, the oldest of `engines`, and the latest of each line that is maintained. */
const VERSIONS = ["20.20.2", "22.0.0", "22.23.3", "24.9.0", "26.9.0"];

const PROGRAM = `
  new StorefrontToken("web", { channelIds: [1, 2], allowedCorsOrigins: ["https://shop.example.com"], lifetime: "30d" });
  const server = new PrivateToken("server", { channelIds: [1], scopes: ["Customer"], lifetime: "90d", rotateBefore: "30d" });
  new ImpersonationToken("support", { channelIds: [1], expiresAt: "never" });
  exports.token = server.token;
`;

const folders = useFolders();

it.each(VERSIONS)(
  "[E22] the package works with Node %s: up, up without a change, destroy",
  async (version) => {
    const node = await fetchNode(version);
    const stack = await Stack.start(PROGRAM);
    try {
      const log = join(stack.folder, "processes");
      const preload = join(stack.folder, "preload.cjs");
      const line = '`${process.version} ${process.argv[1] ?? ""}\\n`';
      writeFileSync(preload, `require("fs").appendFileSync(${JSON.stringify(log)}, ${line});\n`);
      stack.env["NODE_OPTIONS"] = `--require ${preload}`;
      stack.env["PATH"] = [node, process.env["TEST_ENGINE"], process.env["PATH"]].join(delimiter);

      await stack.up();
      expect(stack.requests()).toEqual(["POST", "POST", "POST"]);
      expect(await stack.up()).toMatch(/4 unchanged/);
      expect(stack.requests()).toEqual([]);
      await stack.destroy();
      expect(stack.requests()).toEqual(["DELETE", "DELETE", "DELETE"]);
      expect(stack.live()).toEqual([]);

      const processes = readFileSync(log, "utf8").trim().split("\n");
      expect(processes.filter((each) => !each.startsWith(`v${version} `))).toEqual([]);
      expect(processes.filter((each) => each.includes("dynamic-provider")).length).toBeGreaterThanOrEqual(3);
    } finally {
      await stack.close();
    }
  },
);

/** The folder of a Node from the npm registry. Of its package only the binary is unpacked, and no script runs. */
async function fetchNode(version: string): Promise<string> {
  const folder = folders.bare();
  const name = `node-${process.platform}-${process.arch}`;
  const options = { cwd: folder, env: process.env, timeoutMs: 120_000 };
  await runOk("npm", ["pack", "--silent", "--prefer-offline", `${name}@${version}`], options);
  await runOk("tar", ["-xzf", `${name}-${version}.tgz`, "package/bin/node"], options);
  return join(folder, "package", "bin");
}
