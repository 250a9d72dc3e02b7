import { KINDS, type Kind } from "../../../provider/domain/kinds";
import { mintByHand } from "../../support/by-hand";
import { CREDENTIALS, STORE } from "./bigcommerce";
import { NOW } from "./clock";
import type { Entry } from "./run";
import { declare } from "./samples";
import { startWorld, type World } from "./world";

const { impersonation, private: server, storefront } = KINDS;
const DAY = 86_400;
const ENDLESS = { lifetime: null, expiresAt: "never" };

/** How a state came about: the arguments of each `up`, the last of which is the program at hand. */
interface Story {
  readonly kind: Kind;
  readonly generation: 1 | 2;
  readonly ups: readonly Readonly<Record<string, unknown>>[];
  readonly before?: (world: World) => unknown;
  /** The last `up` deletes the token first, for a resource that it depends on. */
  readonly deletedFirst?: true;
}

/** A token of the store's own making, for `adopt: "<token A>"`. */
const byHand = ({ emulator }: World) =>
  mintByHand(emulator, {
    ...{ store: STORE, credential: CREDENTIALS[STORE], family: server.family, endsInDays: 80 },
    body: { channel_ids: [1, 2], scopes: ["Customer", "Unauthenticated"] },
  });
const ADOPT = { adopt: "<token A>" };

/** The same, of which GraphQL does not say whether it is genuine. */
const byHandUnasked = (world: World) => {
  world.emulator.faults.push({ kind: "status", status: 404, path: "/graphql", times: Infinity });
  return byHand(world);
};

/** Every shape that this version writes. */
export const STORIES: Readonly<Record<string, Story>> = {
  "minted, with jti and list": { kind: server, generation: 2, ups: [{}] },
  "minted, without jti and list": { kind: server, generation: 1, ups: [{ rotateBefore: "20d" }] },
  "without origins": { kind: storefront, generation: 2, ups: [{ allowedCorsOrigins: null }] },
  "with a fixed end": {
    ...{ kind: storefront, generation: 2 },
    ups: [{ lifetime: null, expiresAt: "2026-12-31T00:00:00Z", onDelete: "letExpire" }],
  },
  "without end": { kind: impersonation, generation: 1, ups: [ENDLESS] },
  "in another store": {
    kind: impersonation,
    generation: 2,
    ups: [{ storeHash: "other9", overlap: "never" }],
  },
  "with a predecessor that works": { kind: storefront, generation: 2, ups: [{}, { channelIds: [1, 2, 3] }] },
  "with a predecessor that was revoked": { kind: server, generation: 1, ups: [{}, { channelIds: [1] }] },
  "with an end earlier than asked for": {
    ...{ kind: server, generation: 2, ups: [{}] },
    before: ({ emulator }) => {
      emulator.faults.push({ kind: "claims", claims: { eat: NOW + 60 * DAY } });
    },
  },
  "kept after a failure": {
    ...{ kind: server, generation: 2, ups: [{ channelIds: [1] }] },
    before: ({ emulator }) => {
      emulator.faults.push({ kind: "claims", claims: { cid: [1, 2] } });
      emulator.faults.push({ kind: "status", status: 403, method: "DELETE" });
    },
  },
  proven: { kind: server, generation: 2, ups: [{ verify: true }] },
  "not proven": {
    ...{ kind: storefront, generation: 1, ups: [{ verify: true }] },
    before: ({ emulator }) => {
      const body = { errors: [{ message: "JWT is expired" }] };
      emulator.faults.push({ kind: "status", status: 401, body, path: "/graphql" });
    },
  },
  adopted: { kind: server, generation: 2, ups: [ADOPT], before: byHand },
  "minted after one that was adopted": {
    ...{ kind: server, generation: 1, before: byHand },
    ups: [ADOPT, { ...ADOPT, channelIds: [1, 2, 3] }],
  },
  "adopted, not asked about": { kind: server, generation: 2, ups: [ADOPT], before: byHandUnasked },
  "minted after one that was adopted and not asked about": {
    ...{ kind: server, generation: 2, before: byHandUnasked },
    ups: [ADOPT, { channelIds: [1, 2, 3] }],
  },
  "minted after one that was deleted first": {
    ...{ kind: server, generation: 2, ups: [{}, { channelIds: [1] }], deletedFirst: true },
  },
};

/** The program that a story ends with. */
export function programOf({ kind, ups }: Story, world: World) {
  return [declaredIn(world, kind, ups.at(-1) ?? {})];
}

function declaredIn(world: World, kind: Kind, change: Readonly<Record<string, unknown>>) {
  const [token] = world.emulator.issued;
  return declare(kind, "adopt" in change ? { ...change, adopt: token?.token } : change);
}

/** A world in which a story has happened just now, so that it knows the story's tokens. */
export async function tell({ kind, generation, ups, before, deletedFirst }: Story): Promise<World> {
  // How often a token is tried follows from the time that an operation has.
  const world = await startWorld({ generation, timeoutMs: 10_000 });
  await before?.(world);
  for (const [index, change] of ups.entries()) {
    const isLast = index === ups.length - 1;
    const options = { deletedFirst: deletedFirst && isLast ? ["x"] : [] };
    await world.up([declaredIn(world, kind, change)], options);
  }
  world.emulator.faults.clear();
  return world;
}

/** What differs between two tellings of one story, and by what name it stands in a recording. */
function names({ emulator }: World): readonly (readonly [value: string, name: string])[] {
  const tokens = emulator.issued.flatMap(({ token, fingerprint, jti, name }, index) => {
    const letter = String.fromCharCode(65 + index);
    return [
      [token, `<token ${letter}>`],
      ...(name === undefined ? [] : [[name, `<name ${letter}>`]]),
      ...(jti === undefined ? [] : [[jti, `<jti ${letter}>`]]),
      [fingerprint, `<fingerprint ${letter}>`],
    ] as const;
  });
  return [...tokens, [emulator.url, "<api>"]] as readonly (readonly [string, string])[];
}

/** Without Pulumi's own mark of a failure, which is no shape but a message. */
export function recordingOf(world: World): readonly Entry[] {
  const entries = world.engine.entries.map(({ initErrors: _, ...entry }) => entry);
  return replaced(entries, names(world));
}

/** A recording with the tokens of a world. */
export function recallIn(world: World, recording: readonly Entry[]): Entry[] {
  const values = names(world).map(([value, name]) => [name, value] as const);
  return [...replaced(recording, values)];
}

function replaced(
  entries: readonly Entry[],
  pairs: readonly (readonly [string, string])[],
): readonly Entry[] {
  const text = pairs.reduce((told, [from, to]) => told.replaceAll(from, to), JSON.stringify(entries));
  return JSON.parse(text) as readonly Entry[];
}
