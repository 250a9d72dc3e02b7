import type { Engine, Outcome } from "./engine";
import { programsFor } from "./programs";

/** What GraphQL answers to a token that it will never accept. */
const NEVER = "GraphQL invalid credentials. JWT channel id doesn't match channel id of the URL";

/** The runs of the story, in order. */
export async function play(engine: Engine) {
  const { faults, issued } = engine.emulator;
  const programs = programsFor(engine.surroundings);
  const latest = (name: string) => {
    const found = issued.filter((one) => one.name?.includes(`/${name}#`)).at(-1);
    if (!found) throw new Error(`no token of ${name} was minted`);
    return found;
  };
  /** Mints in the other store fail, because its credential is missing; GraphQL refuses every token. */
  const failing = async (run: () => Promise<Outcome>) => {
    engine.setOtherCredential(false);
    const body = { errors: [{ message: NEVER }] };
    faults.push({ kind: "status", status: 401, body, path: /graphql$/, times: Infinity });
    const outcome = await run();
    faults.clear();
    engine.setOtherCredential(true);
    return outcome;
  };

  const first = await engine.up(programs.first);

  engine.advance(61);
  await engine.taint("tainted");
  const replace = ["forced"];
  const preview = await engine.preview(programs.changesWithSafe, { replace });
  const changes = await engine.up(programs.changes, { replace });

  const stuck = latest("stuck");
  const failures = await failing(() => engine.up(programs.failures, { continueOnError: true }));
  const path = `/${stuck.jti ?? ""}`;
  faults.push({ kind: "status", status: 403, method: "DELETE", path, times: Infinity });
  const recovery = await engine.up(programs.recovery, { continueOnError: true });
  faults.clear();

  const failuresAgain = await failing(() => engine.up(programs.failuresAgain, { continueOnError: true }));
  // The previous token of `due` is still valid; `gone` has none.
  for (const name of ["due", "gone"]) engine.emulator.forget(latest(name));
  const refresh = await engine.refresh();
  engine.advance(61);
  engine.emulator.forget(latest("goneLater"));
  const refreshed = { refresh: true };
  const previewWithRefresh = await engine.preview(programs.refreshed, refreshed);
  await engine.unprotect("safeRemoved");
  const upWithRefresh = await engine.up(programs.refreshed, refreshed);

  const targets = await engine.up(programs.targets, { target: ["aimed", "aimedRemoved"] });
  const refused = await engine.up(programs.targetsWithSafe);
  await engine.unprotect("safe");
  const destroy = await engine.destroy();

  return {
    ...{ first, preview, changes, failures, recovery, failuresAgain, refresh, previewWithRefresh },
    ...{ upWithRefresh, targets, refused, destroy },
  };
}

export type Runs = Awaited<ReturnType<typeof play>>;
export type RunName = keyof Runs;
