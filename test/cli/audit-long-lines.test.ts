import { noticeIn, readEventLogs } from "../../cli/pulumi/event-log";

const PREFIX = "bigcommerce-tokens: ";
const PRINT = "0123456789abcdef";

/** Lines of about `size` characters on which one of the expressions has the most to do. */
const HOSTILE: Readonly<Record<string, (size: number) => string>> = {
  "an effect without an end": (size) => `${PREFIX}minted ${"a".repeat(size)}`,
  "an effect with blanks": (size) => `${PREFIX}minted a ${PRINT} 2027-${"Z".repeat(size)} `,
  "blanks behind an effect": (size) => `${PREFIX}minted a ${PRINT} never${" ".repeat(size)}x`,
  "a proof by blanks": (size) =>
    `${PREFIX}warning: token ${PRINT} of a was revoked before this run, says ${" ".repeat(size)}\u0000`,
  "a proof of much": (size) =>
    `${PREFIX}warning: token ${PRINT} of a was revoked before this run, says ${"x ".repeat(size / 2)}\n`,
  "a refusal without an end": (size) =>
    `${PREFIX}warning: token ${PRINT} of a was not revoked and may work until ${"2027-".repeat(size / 5)}`,
  "a refresh that never ends": (size) =>
    `${PREFIX}warning: a: token ${PRINT} is no longer in the ${"; the next".repeat(size / 10)}`,
  "many warnings": (size) => `${PREFIX}warning: token `.repeat(size / 36),
  "many refreshes": (size) => `${PREFIX}warning: a: token ${PRINT} is no longer in the `.repeat(size / 78),
  "nothing but a beginning": (size) => PREFIX.repeat(size / PREFIX.length),
};

function cpuMs(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The least of some runs, because a machine pauses now and then. */
function bestOf(runs: number, run: () => unknown): number {
  return Math.min(...Array.from({ length: runs }, () => cpuMs(run)));
}

it.each(Object.keys(HOSTILE))("reads a line in a time that grows with its length alone: %s", (name) => {
  const line = (size: number) => HOSTILE[name]?.(size) ?? "";
  const once = line(200_000);
  const twice = line(400_000);
  const ms = bestOf(3, () => noticeIn(once, false));
  expect(bestOf(3, () => noticeIn(twice, false))).toBeLessThan(3 * ms + 20);
});

it("skips a line that is longer than any of the provider's, and reads those around it", async () => {
  const effect = `${PREFIX}minted a ${PRINT} never`;
  // eslint-disable-next-line @typescript-eslint/require-await
  const lines = async function* () {
    yield effect;
    yield `{"diagnosticEvent":{"severity":"info#err","message":"${PREFIX}${"x".repeat(64 * 1024)}`;
    yield `${" ".repeat(64 * 1024)}${effect.replace("minted", "expired")}`;
    yield effect.replace("minted", "adopted");
  };
  const { notices } = await readEventLogs([lines()]);
  expect(notices.map((notice) => notice.effect)).toEqual(["minted", "adopted"]);
});

it("reads the longest lines that it reads at all, a thousand of them, at once", async () => {
  const names = Object.keys(HOSTILE);
  // eslint-disable-next-line @typescript-eslint/require-await
  const lines = async function* () {
    for (let at = 0; at < 1_000; at += 1) yield HOSTILE[names[at % names.length] ?? ""]?.(60_000) ?? "";
  };
  const begun = process.cpuUsage();
  await readEventLogs([lines()]);
  const { user } = process.cpuUsage(begun);
  expect(user / 1_000).toBeLessThan(5_000);
});
