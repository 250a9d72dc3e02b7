import { cli } from "./fake-system";

const BANNER = "=".repeat(80);

/** As the CLI 3.259.0 prints it, for a backend of the former layout. */
const LEGACY = `error: \n${BANNER}
Legacy DIY state is deprecated, please upgrade your state to project mode using:
'pulumi state upgrade'

It is due to be removed in a future release before the end of this year (2026).
${BANNER}\n`;

/** The same, for a panic: pulumi/pulumi pkg/cmd/pulumi/main.go, `panicHandler`. */
const PANIC = `${BANNER}
The Pulumi CLI encountered a fatal error. This is a bug!
Please provide all of the text below in your report.
${BANNER}
Pulumi Version:   3.259.0

goroutine 1 [running]:
main.main()\n`;

it.each([
  ["one line", "error: no stack named 'dev' found\n", "no stack named 'dev' found"],
  ["a line after a warning", "warning: old\nerror: no access\n  try again\n", "no access"],
  ["a banner", LEGACY, "Legacy DIY state is deprecated, please upgrade your state to project mode using: 'pulumi state upgrade'"],
  ["a crash", PANIC, "The Pulumi CLI encountered a fatal error."],
  ["a list", "error: 2 errors occurred:\n\t* stack locked\n\t* other\n\n", "2 errors occurred: stack locked"],
  ["no line of error", "cannot read\n\n=====\n", "cannot read"],
  ["an error without a word", `error: \n${BANNER}\n`, "it printed no error"],
  ["nothing", "", "it printed no error"],
])("relays Pulumi's own words in one sentence: %s", async (_, stderr, sentence) => {
  const told = await cli(["status", "--stack", "dev"], { pulumi: () => ({ code: 1, stderr }) });
  expect(told).toMatchObject({ code: 1, stdout: "" });
  expect(told.stderr).toBe(`pulumi-bigcommerce-tokens: pulumi stack export --stack dev failed: ${sentence}\n`);
}); // prettier-ignore
