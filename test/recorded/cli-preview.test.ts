import { cli } from "../cli/fake-system";
import { day, NOW, previous, printOf, urnOf } from "../cli/states";
import { jsonAnswer, linesAnswer, markdownAnswer, tableAnswer } from "./support/command";
import { compareWithRecording } from "./support/recording";

type Fields = Readonly<Record<string, unknown>>;

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const TYPE = "pulumi-nodejs:dynamic/bigcommerce:PrivateToken";
const STACK = { op: "same", urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", newState: { type: "pulumi:pulumi:Stack" } }; // prettier-ignore

/** The checked inputs of a private token of 90 days, which has 60 days left. */
const inputs = (name: string, rest: Fields): Fields => ({
  ...{ label: `acme/shop/dev/private/${name}`, storeHash: "abc123", channelIds: [1], scopes: ["Customer"] },
  ...{ expiresAt: day(60), lifetime: "90d", rotateBefore: "30d", overlap: "auto", onDelete: "revoke" },
  ...rest,
});

interface States {
  readonly old?: Fields;
  readonly fresh?: Fields;
  readonly reasons?: readonly string[];
  readonly id?: string;
  readonly rest?: Fields;
}

/** A step as `preview --json` prints it. */
function step(op: string, name: string, { old, fresh, reasons, id = `jti-${name}`, rest }: States): object {
  const outputs = old && { fingerprint: printOf(name), token: "[secret]", ...inputs(name, old) };
  return {
    ...{ op, urn: urnOf(name), detailedDiff: null },
    ...(old && { oldState: { type: TYPE, id, inputs: inputs(name, old), outputs, ...rest } }),
    ...(fresh && { newState: { type: TYPE, inputs: inputs(name, fresh), outputs: inputs(name, fresh) } }),
    ...(reasons && { replaceReasons: reasons }),
  };
}

const notice = (text: string) => ({ message: `bigcommerce-tokens: ${text}\n\n`, severity: "info#err" });
const rotated = { expiresAt: day(90) };
const due = { expiresAt: day(20) };

const STEPS: readonly object[] = [
  step("create", "mint", { fresh: {} }),
  step("create", "adopt", { fresh: { adopt: "[secret]" } }),
  step("create", "later", { fresh: { expiresAt: UNKNOWN, lifetime: UNKNOWN } }),
  step("replace", "due", { old: due, fresh: rotated, reasons: ["expiresAt"] }),
  step("create-replacement", "due", { old: due, fresh: rotated, reasons: ["expiresAt"] }),
  step("replace", "overlap", { old: { ...due, previous: previous("older"), previousToken: "[secret]" }, fresh: rotated, reasons: ["expiresAt"] }),
  step("replace", "stricter", { old: {}, fresh: { lifetime: "30d", rotateBefore: undefined, expiresAt: day(30) }, reasons: ["expiresAt"] }),
  step("replace", "endless", { old: { expiresAt: "never", lifetime: undefined, rotateBefore: undefined }, fresh: rotated, reasons: ["expiresAt"] }),
  step("replace", "less", { old: { channelIds: [1, 2] }, fresh: {}, reasons: ["channelIds"] }),
  step("replace", "unknown", { old: {}, fresh: { scopes: UNKNOWN }, reasons: ["scopes"] }),
  step("replace", "gone", { old: { gone: true }, fresh: {}, reasons: ["token"] }),
  step("replace", "other", { old: {}, fresh: { expiresAt: day(30), adopt: "[secret]" }, reasons: ["adopt", "expiresAt"] }),
  step("replace", "forced", { old: {}, fresh: rotated, reasons: ["id"] }),
  step("replace", "first", { old: {}, fresh: rotated, rest: { pendingReplacement: true } }),
  step("replace", "expired", { old: { expiresAt: day(-1) }, fresh: rotated, reasons: ["expiresAt"] }),
  step("delete", "removed", { old: {} }),
  step("delete", "left", { old: { onDelete: "letExpire" } }),
  step("delete", "retained", { old: {}, rest: { retainOnDelete: true } }),
  step("delete-replaced", "waiting", { old: {}, id: "jti-before" }),
  step("same", "waiting", { old: { previous: { ...previous("waiting"), fingerprint: printOf("waiting") } }, fresh: {} }),
  step("update", "recorded", { old: {}, fresh: { rotateBefore: "10d" } }),
  step("same", "same", { old: {}, fresh: {} }),
]; // prettier-ignore

const previewOf = (steps: readonly object[], diagnostics: readonly object[] = []) =>
  JSON.stringify({ steps: [STACK, ...steps], diagnostics, duration: 1, changeSummary: {} });

const FILES = {
  all: previewOf(STEPS, [
    notice(`acme/shop/dev/private/less: token ${printOf("less")} will be revoked at the end of this update`),
    ...["adopt", "other"].map((name) =>
      notice(
        `acme/shop/dev/private/${name}: will adopt token ${printOf(`${name}-by-hand`)}, which then stays valid`,
      ),
    ),
    notice("warning: acme/shop/dev/private/mint: something to think over"),
    notice("warning: acme/shop/dev/private/mint: something to think over"),
  ]),
  none: previewOf([step("same", "a", { old: {}, fresh: {} })]),
  failed: previewOf([], [{ message: "no", severity: "error" }]),
  damaged: '{"steps":',
  events: '{"sequence":1,"timestamp":1,"preludeEvent":{}}',
};

const preview = (...args: readonly string[]) =>
  cli(["preview", ...args], { now: NOW, files: FILES, pulumi: () => ({ stdout: FILES.all }) });

compareWithRecording(
  "cli-preview",
  {
    ...Object.fromEntries(
      Object.keys(FILES).flatMap((file) => [
        [`${file}, as JSON`, async () => jsonAnswer(await preview("--file", file, "--json"), ["warnings[]"])],
        [`${file}, as a table`, async () => tableAnswer(await preview("--file", file))],
        [
          `${file}, in Markdown`,
          async () => markdownAnswer(await preview("--file", file, "--format", "markdown")),
        ],
      ]),
    ),
    "a preview that it runs": async () => tableAnswer(await preview("--stack", "dev", "--", "--diff")),
    "a file and arguments": async () => linesAnswer(await preview("--file", "all", "--", "--diff")),
  },
  { isOrdered: true },
);
