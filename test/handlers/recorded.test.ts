import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Entry } from "./support/run";
import { programOf, recallIn, recordingOf, STORIES, tell } from "./support/recorded";
import type { World } from "./support/world";

/** States as versions of this package wrote them, tokens by placeholders. A recording is added, never changed. */
const FOLDER = join(__dirname, "recorded");
const CURRENT = "0.2.0";

type Recording = Readonly<Record<string, readonly Entry[]>>;

const read = (version: string) =>
  JSON.parse(readFileSync(join(FOLDER, `${version}.json`), "utf8")) as Recording;
const versions = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ""));

let world: World;
afterEach(() => world.close());

it.each(Object.entries(STORIES))(
  "the state of a token %s is recorded as it is written today",
  async (name, story) => {
    world = await tell(story);
    expect(recordingOf(world)).toEqual(read(CURRENT)[name]);
  },
);

const ROWS = versions.flatMap((version) =>
  Object.entries(read(version)).map(([name, entries]) => ({ version, name, entries })),
);

const HOSTS = ["dynamic", "plugin"] as const;

describe.each(ROWS.flatMap((row) => HOSTS.map((host) => ({ ...row, host }))))(
  "a state of $version, of a token $name, in the $host form",
  ({ name, entries, host }) => {
    const story = STORIES[name]!;
    let program: ReturnType<typeof programOf>;
    beforeEach(async () => {
      world = await tell(story);
      program = programOf(story, world);
      world.engine.entries = recallIn(world, entries);
      world.host = host;
    });
    const { onDelete, verify, verified, adopted, fingerprint } = entries[0]?.outputs ?? {};
    const isLeft = onDelete === "letExpire";
    // What 0.1.0 adopted is proven by the first refresh, what was not proven by an update.
    const isAdopted = adopted === fingerprint && verified === undefined;
    const isUnproven = (verify !== undefined && verified === false) || isAdopted;

    it("[E11] shows no replacement in a preview or a refresh, and an up asks no more than what is still to be proven", async () => {
      // The plugin has another label, and no code of its own in the state.
      const { label: _, __provider: __, ...before } = world.outputs();
      const sent: string[] = [];
      for (const run of [() => world.preview(program), () => world.up(program), () => world.refresh()]) {
        const { calls, requests, failures } = await run();
        expect(failures).toEqual([]);
        expect(calls).not.toContain("create x");
        sent.push(...requests);
      }
      expect(sent).toEqual(isUnproven ? ["GRAPHQL abc123"] : []);
      const { label: ___, __provider: ____, ...after } = world.outputs();
      expect(after).toEqual({ ...before, ...(isUnproven && { verified: true }) });
    });

    it("[E12] can be deleted, and what it must end is ended", async () => {
      const works = world.alive();
      const destroy = await world.destroy();
      expect(destroy.errors).toEqual([]);
      expect(world.engine.entries).toEqual([]);
      expect(world.alive()).toBe(isLeft ? works : "");
    });

    it("[E11] can be replaced, and names its predecessor then", async () => {
      const { token } = world.outputs();
      const [declared] = program;
      const up = await world.up([{ ...declared!, args: { ...declared!.args, channelIds: [3] } }]);
      expect(up.errors).toEqual([]);
      const { token: fresh, ...outputs } = world.outputs();
      expect(outputs).toMatchObject({ channelIds: [3], previous: { fingerprint: token } });
      expect(outputs["verified"]).toBe(verify && true);
      expect(world.alive()).toContain(fresh);
    });
  },
);
