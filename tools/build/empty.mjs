import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

// What an earlier build left would be packed, and `handlers.js` is found before a folder `handlers`.
rmSync(fileURLToPath(new URL("../../dist", import.meta.url)), { recursive: true, force: true });
