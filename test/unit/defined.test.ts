import { defined } from "../../provider/defined";

/** Under `exactOptionalPropertyTypes` neither takes `undefined`. */
interface Shape {
  readonly a: number;
  readonly b?: string;
  readonly c?: readonly number[];
}

const maybe = (value?: string): string | undefined => value;

describe("the properties that are defined", () => {
  it("stay as they are, falsy ones included", () => {
    const value = { a: 0, b: "", c: false, d: null, e: [undefined] };
    expect(defined(value)).toStrictEqual(value);
  });

  it("are all that is left, so that the result has optional properties only where one may be absent", () => {
    const shape: Shape = defined({ a: 1, b: maybe(), c: undefined });
    expect(Object.keys(shape)).toEqual(["a"]);
    const whole: Shape = defined({ a: 1, b: maybe("x"), c: [1] });
    expect(whole).toStrictEqual({ a: 1, b: "x", c: [1] });
  });

  it("are copied", () => {
    const value = { a: 1 };
    expect(defined(value)).not.toBe(value);
  });

  it("keep their types, which the compiler checks", () => {
    // @ts-expect-error `a` may be absent, which Shape does not allow.
    const shape: Shape = defined({ a: maybe() === undefined ? undefined : 1 });
    expect(shape).toEqual({});
  });
});
