import { ensureEngine } from "./engine.mjs";

// Windows is out of scope: the official installer and the launcher of dynamic providers differ there.
try {
  process.stdout.write(`${await ensureEngine()}\n`);
} catch (error) {
  process.stderr.write(`engine: ${error.message}\n`);
  process.exitCode = 1;
}
