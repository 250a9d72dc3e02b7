import { execFileSync } from "node:child_process";

import { quoted } from "../../provider/domain/shell";

it.each([
  ...[
    "plain",
    "acme/shop/dev",
    "it's",
    "a b",
    "$HOME",
    "$(id)",
    "`id`",
    "a\nb",
    "'; id; '",
    '"',
    "\\",
    "*",
    "",
    "~",
    "#x",
  ],
])("%j is one word of a shell, and stays what it is", (value) => {
  const told = execFileSync("sh", ["-c", `printf '[%s]' ${quoted(value)}`], { cwd: "/", encoding: "utf8" });
  expect(told).toBe(`[${value}]`);
});

it("a value that needs no quotes has none", () => {
  expect(quoted("urn:pulumi:dev::shop::a:b/c:D::e-f")).toBe("urn:pulumi:dev::shop::a:b/c:D::e-f");
});
