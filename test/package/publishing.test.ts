import { join } from "node:path";

import { run } from "../support/run";
import { required, ROOT } from "./folders";

const manifest = jest.requireActual<{ exports: Readonly<Record<string, unknown>> }>("../../package.json");

/** A tool of this repository, on the tarball. */
async function check(tool: string, ...args: readonly string[]) {
  const env = { PATH: process.env["PATH"], NO_COLOR: "1" };
  return run(join(ROOT, "node_modules", ".bin", tool), args, { cwd: ROOT, env });
}

it("publint has nothing to say about the tarball", async () => {
  const { code, output } = await check("publint", "run", required("TEST_TARBALL"), "--strict");
  expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/\nAll good!\n$/) as string });
});

/** Ways in which compilers and Node.js find modules, as `attw` names them. */
const RESOLUTIONS = ["node10", "node16-cjs", "node16-esm", "bundler"];

it("types fit the code of every subpath, for every way of resolving modules", async () => {
  const { code, output } = await check("attw", required("TEST_TARBALL"), "--format", "json", "--no-emoji");
  const { analysis, problems } = JSON.parse(output) as {
    readonly analysis: { readonly entrypoints: Readonly<Record<string, { readonly resolutions: object }>> };
    readonly problems?: object;
  };
  expect({ code, problems }).toEqual({ code: 0, problems: {} });
  const checked = Object.entries(analysis.entrypoints).map(([subpath, { resolutions }]) => [
    subpath,
    Object.keys(resolutions),
  ]);
  expect(checked).toEqual(Object.keys(manifest.exports).map((subpath) => [subpath, RESOLUTIONS]));
});
