import { clockSkew } from "../../provider/domain/clock-skew";

const THEIRS = 1_785_000_000;

it.each([
  [0, undefined],
  [60, undefined],
  [-60, undefined],
  [61, { side: "ahead", minutes: 1 }],
  [-61, { side: "behind", minutes: 1 }],
  [90, { side: "ahead", minutes: 2 }],
  [-3_600, { side: "behind", minutes: 60 }],
])("a clock that is %i s ahead of BigCommerce's is wrong by %j", (seconds, skew) => {
  expect(clockSkew(THEIRS + seconds, THEIRS)).toEqual(skew);
});
