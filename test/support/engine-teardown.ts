import { rmSync } from "node:fs";

export default function teardown(): void {
  const fresh = process.env["TEST_FRESH"];
  if (fresh) rmSync(fresh, { recursive: true, force: true });
}
