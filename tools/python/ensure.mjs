import { ensureVenv } from "./venv.mjs";

try {
  process.stdout.write(`${await ensureVenv()}\n`);
} catch (error) {
  process.stderr.write(`python: ${error.message}\n`);
  process.exitCode = 1;
}
