import { cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { withLink } from "../../provider/error-links";
import { Stack } from "../support/stack";
import { link, required, useFolders } from "./folders";
import { runMocked } from "./mocked-program";

const NAME = "pulumi-bigcommerce-tokens";
const PROGRAM = `
  const { StorefrontToken } = tokens;
  attempt("token", () => new StorefrontToken("web", { channelIds: [1], lifetime: "30d" }));
`;

const folders = useFolders();

/** A library whose own code declares tokens. */
function addLibrary(folder: string): string {
  const library = join(folder, "node_modules", "mylib");
  mkdirSync(library, { recursive: true });
  writeFileSync(join(library, "package.json"), JSON.stringify({ name: "mylib", main: "index.js" }));
  writeFileSync(join(library, "index.js"), `module.exports = require("${NAME}");\n`);
  return library;
}

/** A copy of the installed package. */
function addPackage(folder: string): void {
  cpSync(join(required("TEST_FRESH"), "node_modules", NAME), join(folder, "node_modules", NAME), {
    recursive: true,
  });
}

/** A folder with a library and the SDK. */
function project(): { folder: string; library: string } {
  const folder = folders.bare();
  link(folder, "@pulumi", join(required("TEST_FRESH"), "node_modules", "@pulumi"));
  return { folder, library: addLibrary(folder) };
}

const NOT_FOUND =
  /^storefront token "web": [^\n]*make pulumi-bigcommerce-tokens a direct dependency of the program, and run the program from its folder \(\S+#package_copies\)$/;

async function expectRefusal(folder: string, message: unknown = expect.stringMatching(NOT_FOUND)) {
  const { refused, registered } = await runMocked(folder, PROGRAM, "mylib", { AS_UNDER_ENGINE: "1" });
  expect(refused).toEqual({ token: { runError: true, message } });
  expect(registered).toEqual([]);
}

it("refuses a package nested under another one before anything is registered", async () => {
  const { folder, library } = project();
  addPackage(library);
  await expectRefusal(folder);
});

it("refuses two copies by the paths of both, though they are of one version, with the cure", async () => {
  const { folder, library } = project();
  addPackage(library);
  addPackage(folder);
  const [nested, own] = [library, folder].map((at) => realpathSync(join(at, "node_modules", NAME)));
  await expectRefusal(
    folder,
    withLink(
      `storefront token "web": there are two copies of ${NAME}: the program loaded ${nested}, and Pulumi would delete the ` +
        `token with ${own}; use one version of ${NAME} and one of @pulumi/pulumi in the program and in every package that ` +
        "it loads (pnpm makes a copy for each version of @pulumi/pulumi), and install again",
      "package_copies",
    ),
  );
});

it("looks for the package once a kind, and again from another folder", async () => {
  const { values, refused } = await runMocked(
    folders.installed(),
    `
    const Module = require("node:module");
    const resolve = Module._resolveFilename;
    let looked = 0;
    Module._resolveFilename = function (request, ...rest) {
      if (request === "${NAME}/lifecycle/storefront") looked += 1;
      return resolve.call(this, request, ...rest);
    };
    const declare = (name) => attempt(name, () => new tokens.StorefrontToken(name, { channelIds: [1], lifetime: "30d" }));
    const [home, elsewhere] = [process.cwd(), require("node:os").tmpdir()];
    for (const name of ["one", "two", "three"]) declare(name);
    values.looked = looked;
    process.chdir(elsewhere);
    declare("elsewhere");
    process.chdir(home);
    declare("back");
  `,
    NAME,
    { AS_UNDER_ENGINE: "1" },
  );
  expect(values).toEqual({ looked: 1 });
  const message = expect.stringContaining("cannot resolve") as string;
  expect(refused).toEqual({
    ...{ one: null, two: null, three: null, back: null },
    elsewhere: { runError: true, message },
  });
});

it("refuses nothing under mocks: unit tests run from the root of a monorepo, and delete no token", async () => {
  const { folder } = project();
  const app = join(folder, "packages", "app");
  addPackage(app);
  const { refused, registered } = await runMocked(folder, PROGRAM, join(app, "node_modules", NAME));
  expect(refused).toEqual({ token: null });
  expect(registered.map(({ name }) => name)).toEqual(["web"]);
});

it("refuses a nested package also in a program folder that has the package's name", async () => {
  const { folder, library } = project();
  addPackage(library);
  // Node resolves a package's own name by its own exports, and Pulumi's provider process does not.
  symlinkSync(join(library, "node_modules", NAME), join(folder, "nested"), "dir");
  const exports = { "./lifecycle/storefront": "./nested/dist/provider/lifecycle/storefront.js" };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: NAME, exports }));
  await expectRefusal(folder);
});

it("accepts a package that a library shares with the program", async () => {
  const { folder } = project();
  addPackage(folder);
  const { refused, registered } = await runMocked(folder, PROGRAM, "mylib", { AS_UNDER_ENGINE: "1" });
  expect(refused).toEqual({ token: null });
  expect(registered.map(({ name }) => name)).toEqual(["web"]);
});

it("ends a real preview with one line and no stack trace, and nothing is sent", async () => {
  const stack = await Stack.start("", { ownProcess: true });
  try {
    addPackage(addLibrary(join(stack.folder, "program")));
    stack.program('new (require("mylib").StorefrontToken)("web", { channelIds: [1], lifetime: "30d" });');
    const output = (await stack.fails("preview")).split("Diagnostics:")[1] ?? "";
    expect(
      output.match(/error:.* there are two copies of .*, and install again \(\S+#package_copies\)$/gm),
    ).toHaveLength(1);
    expect(output).not.toMatch(/^\s+at /m);
    expect(stack.requests()).toEqual([]);
  } finally {
    await stack.close();
  }
});
