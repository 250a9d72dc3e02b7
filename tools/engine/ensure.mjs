import { ensureEngine } from "./engine.mjs";

// Windows is out of scope: the official installer and the launcher of dynamic providers differ there.
try {
  const languages = process.argv.slice(2);
  process.stdout.write(`${await ensureEngine({ languages })}\n`);
} catch (error) {
  process.stderr.write(`engine: ${error.message}\n`);
  process.exitCode = 1;
}
