import { decode } from "../../cli/files/read-text";
import { parseExport } from "../../cli/pulumi/export";
import { deployment, exported, token } from "./states";

const WHOLE = exported(token("server"));

it.each([
  ["nothing", "", "x.json: it is empty"],
  ["a text", "hello, world", "x.json: it is not JSON"],
  ["a page", "<html></html>", "x.json: it is not JSON"],
  ["an export that was cut off in a string", WHOLE.slice(0, 220), "x.json: it is truncated: its JSON breaks off"],
  ["an export that was cut off behind a brace", WHOLE.slice(0, -2).trimEnd(), "x.json: it is truncated: its JSON breaks off"],
  ["a list", "[]", "x.json: this is not the JSON that `pulumi stack export` prints: it has no deployment"],
  ["other JSON", '{"name":"shop"}', "x.json: this is not the JSON that `pulumi stack export` prints: it has no deployment"],
  ["an old version", '{"version":2,"deployment":{}}', "x.json: the export has version 2, and only versions 3 and 4 can be read: export it again with a Pulumi CLI of version 3"],
  ["a newer version", '{"version":5,"deployment":{}}', "x.json: the export has version 5, and only versions 3 and 4 can be read: export it again with a Pulumi CLI of version 3"],
  ["no version", '{"deployment":{}}', "x.json: the export has no version, and only versions 3 and 4 can be read: export it again with a Pulumi CLI of version 3"],
  ["resources that are no list", '{"version":3,"deployment":{"resources":{}}}', "x.json: its deployment is damaged: the resources are not a list"],
  ["a resource without a URN", '{"version":3,"deployment":{"resources":[{"type":"a:b:C"}]}}', "x.json: its deployment is damaged: resource 0 has no URN or no type"],
])("%s is refused in one line that says what is wrong", (_, text, message) => {
  expect(() => parseExport(text, "x.json")).toThrow(new Error(message));
}); // prettier-ignore

it("nothing of a text that is no JSON is quoted", () => {
  expect(() => parseExport('{"token": "eyJhbGci', "x.json")).toThrow(/^(?!.*eyJ)/);
});

it.each([3, 4])("an export of version %d is read", (version) => {
  const { resources, time } = parseExport(
    JSON.stringify({ version, deployment: deployment(token("a")) }),
    "x",
  );
  expect(resources.map(({ urn }) => urn.split("::").at(-1))).toEqual(["shop-dev", "a"]);
  expect(time).toBe("2027-01-09T12:00:00Z");
});

it("a checkpoint of a file backend is read as well", () => {
  const latest = deployment(token("a"));
  const text = JSON.stringify({ version: 3, checkpoint: { stack: "organization/shop/dev", latest } });
  expect(parseExport(text, "x").resources).toHaveLength(2);
});

it.each([
  ["a stack that was never updated", { version: 3, deployment: {} }],
  ["a checkpoint before the first update", { version: 3, checkpoint: { stack: "organization/shop/dev" } }],
])("%s holds nothing", (_, value) => {
  expect(parseExport(JSON.stringify(value), "x").resources).toEqual([]);
});

it("an interrupted update's operations are read", () => {
  const pending_operations = [{ resource: { urn: "urn:a", type: "a:b:C", inputs: { x: 1 } }, type: "creating" }, null, { type: 1 }];
  const text = JSON.stringify({ version: 3, deployment: { ...deployment(), pending_operations } });
  expect(parseExport(text, "x").pendingOperations).toEqual([
    { urn: "urn:a", type: "a:b:C", operation: "creating", inputs: { x: 1 } },
  ]);
}); // prettier-ignore

it.each([
  ["UTF-8", Buffer.from(WHOLE)],
  ["UTF-8 with a byte order mark", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(WHOLE)])],
  ["PowerShell's UTF-16", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(WHOLE, "utf16le")])],
])("a file in %s is decoded", (_, bytes) => {
  expect(decode(bytes)).toBe(WHOLE);
});
