import { join } from "node:path";

import { runChild } from "../support/child-program";

interface Told {
  readonly offset: number;
  readonly told: readonly unknown[];
}

/** A time zone is settled when Node starts. */
async function inTimeZone(zone: string): Promise<Told> {
  const told = await runChild(join(__dirname, "support", "time-zone-child.ts"), [], { TZ: zone });
  return JSON.parse(told) as Told;
}

it("[C3] asks, records and says the same in every time zone, whatever its clocks do on a Sunday", async () => {
  const utc = await inTimeZone("UTC");
  expect(utc.told.length).toBeGreaterThan(300);
  const offsets = [utc.offset];
  for (const zone of ["Europe/Berlin", "America/New_York", "Asia/Kolkata"]) {
    const { offset, told } = await inTimeZone(zone);
    expect(told).toEqual(utc.told);
    offsets.push(offset);
  }
  expect(offsets).toEqual([0, -120, 240, -330]);
});
