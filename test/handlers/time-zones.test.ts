import { execFile } from "node:child_process";
import { join } from "node:path";

interface Told {
  readonly offset: number;
  readonly told: readonly unknown[];
}

/** A time zone is settled when Node starts. */
function inTimeZone(zone: string): Promise<Told> {
  const args = ["-r", "ts-node/register/transpile-only", join(__dirname, "support", "time-zone-child.ts")];
  const env = { PATH: process.env["PATH"], TS_NODE_COMPILER_OPTIONS: '{"rootDir":"."}', TZ: zone };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: join(__dirname, "../.."), env }, (error, out, err) => {
      if (error) reject(new Error(`${error.message}\n${err}`));
      else resolve(JSON.parse(out) as Told);
    });
  });
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
