import { createRequire } from "node:module";

// A process of its own: the SDK offers no way to stop an install, and loading it costs a second.
const [root, version] = process.argv.slice(2);
try {
  const require = createRequire(import.meta.url);
  const { PulumiCommand } = require("@pulumi/pulumi/automation");
  const { SemVer } = createRequire(require.resolve("@pulumi/pulumi/automation"))("semver");
  await PulumiCommand.install({ root, version: new SemVer(version) });
} catch (error) {
  console.error(error.message.replace(/\s+/g, " ").slice(0, 300));
  process.exitCode = 1;
}
