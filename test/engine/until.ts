import { setTimeout as pause } from "node:timers/promises";

export async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 15_000; !condition();) {
    await pause(20);
    if (Date.now() > end) throw new Error(`never came true: ${condition.toString()}`);
  }
}
