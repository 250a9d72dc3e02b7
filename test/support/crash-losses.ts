import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Stack, StateResource } from "./stack";

/** What the state file says, without the time that a CLI takes. */
export function recorded({ folder }: Stack): {
  readonly tokens: readonly StateResource[];
  readonly pending: readonly string[];
} {
  const text = readFileSync(join(folder, "state", ".pulumi", "stacks", "shop", "dev.json"), "utf8");
  const { checkpoint } = JSON.parse(text) as {
    checkpoint: { latest: { resources?: StateResource[]; pending_operations?: { type: string }[] } | null };
  };
  const { resources = [], pending_operations: pending = [] } = checkpoint.latest ?? {};
  return {
    tokens: resources.filter(({ urn }) => urn.includes("Token::")),
    pending: pending.map(({ type }) => type),
  };
}

function fingerprints(stack: Stack): string[] {
  return recorded(stack).tokens.map(({ outputs }) => String(outputs["fingerprint"]));
}

/** The fingerprint of the one token in the state. */
export function current(stack: Stack): string {
  const [found, ...rest] = fingerprints(stack);
  if (found === undefined || rest.length > 0) throw new Error(`${rest.length + 1} tokens are in the state`);
  return found;
}

/** The live tokens that no state names. */
export class Losses {
  private readonly lost: string[] = [];

  constructor(private readonly stack: Stack) {}

  /** So many more are live and not in the state; each has an end. */
  expectMore(count: number): void {
    const known = [...this.lost, ...fingerprints(this.stack)];
    const more = this.stack.live().filter((live) => !known.includes(live));
    expect(more).toHaveLength(count);
    this.lost.push(...more);
    for (const { expiresAt } of this.stack.emulator.issued) expect(expiresAt).toBeDefined();
  }

  /** They were not revoked unasked; beside them exactly what the state names is live. */
  expectRestLive(): void {
    expect(this.stack.live().sort()).toEqual([...this.lost, ...fingerprints(this.stack)].sort());
  }

  /** What a create of the resource printed: it names them, by the ids under which they can be revoked, and no other. */
  expectNamed(output: string): void {
    const named = [...output.matchAll(/ the store also holds token (\S+) under this label/g)].map(
      ([, id]) => id,
    );
    const lost = this.stack.emulator.issued.filter(({ fingerprint }) => this.lost.includes(fingerprint));
    expect([...new Set(named)].sort()).toEqual(lost.map(({ jti }) => jti).sort());
  }
}
