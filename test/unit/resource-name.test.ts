import { nameProblem } from "../../provider/domain/resource-name";

it.each([
  ["web", undefined],
  ["web * shop", "wildcard"],
  ["Zürich 店舗 👩‍💻 a;b $HOME", undefined],
  ["a\nb", "control"],
  ["a\0", "control"],
  ["\x7f", "control"],
  ["\x85", "control"],
  ["\u2028*", "control"],
  ["\u2029", "control"],
  ["\ud800", "control"],
  ["\udc00\ud800", "control"],
])("the name %j has the problem %s", (name, problem) => {
  expect(nameProblem(name)).toBe(problem);
});
