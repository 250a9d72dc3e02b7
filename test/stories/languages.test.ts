import { Stack } from "../support/stack";

const STATEMENTS = `
const server = new PrivateToken("server", { channelIds: [1], scopes: ["Customer"], lifetime: "90d" });
export const token = server.token;
export const fingerprint = server.fingerprint;
`;
const IMPORT = 'import { PrivateToken } from "pulumi-bigcommerce-tokens";\n';
const TSCONFIG = JSON.stringify({
  compilerOptions: {
    module: "nodenext",
    moduleResolution: "nodenext",
    target: "es2022",
    strict: true,
    skipLibCheck: true,
  },
});

describe.each([
  {
    language: "TypeScript",
    files: { "index.ts": IMPORT + STATEMENTS, "tsconfig.json": TSCONFIG },
    pulumiYaml: "name: shop\nruntime: nodejs\nmain: index.ts\n",
  },
  {
    language: "JavaScript",
    files: {
      "index.js": `const { PrivateToken } = require("pulumi-bigcommerce-tokens");${STATEMENTS.replaceAll("export const ", "exports.")}`,
    },
    pulumiYaml: "name: shop\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.js\n",
  },
  {
    language: "ESM",
    files: {
      "index.js": IMPORT + STATEMENTS,
      "package.json": JSON.stringify({ name: "program", private: true, type: "module", main: "index.js" }),
    },
    pulumiYaml: "name: shop\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.js\n",
  },
])("a program in $language", ({ files, pulumiYaml }) => {
  it("stores the provider by reference, mints once and destroys", async () => {
    const stack = await Stack.start("", { files, pulumiYaml });
    try {
      await stack.up();
      await stack.up("--expect-no-changes");
      const { inputs, outputs } = await stack.token("server");
      for (const text of [inputs["__provider"], outputs["__provider"]]) {
        expect(text).toContain('require("pulumi-bigcommerce-tokens/lifecycle/private")');
        expect(Buffer.byteLength(String(text))).toBeLessThanOrEqual(300);
      }
      await stack.destroy();
      expect(stack.requests()).toEqual(["POST", "DELETE"]);
      expect(stack.live()).toEqual([]);
    } finally {
      await stack.close();
    }
  });
});
