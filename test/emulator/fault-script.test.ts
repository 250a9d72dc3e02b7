import type { Fault } from "../../emulator/index";
import { at, call, perTest } from "./support";

const emulator = perTest();

describe("which requests a fault meets", () => {
  const hits = async (fault: Partial<Fault>, requests: [string, string][]) => {
    emulator.it.faults.push({ kind: "status", status: 599, ...fault } as Fault);
    const statuses: number[] = [];
    for (const [method, path] of requests) statuses.push((await call(emulator.it, method, path)).status);
    return statuses.map((status) => status === 599);
  };
  const list: [string, string] = ["GET", at("api-token")];
  const privateList: [string, string] = ["GET", at("api-token-private")];

  it("fires once unless told, on any request", async () => {
    expect(await hits({}, [list, list])).toEqual([true, false]);
  });

  it("lets some pass first, and fires as often as told", async () => {
    expect(await hits({ after: 1, times: 2 }, [list, list, list, list])).toEqual([false, true, true, false]);
  });

  it("fires for ever at times: Infinity", async () => {
    expect(await hits({ times: Infinity }, [list, list, list])).toEqual([true, true, true]);
    expect(emulator.it.faults.unfired()).toEqual([]);
  });

  it.each<[Partial<Fault>, boolean[]]>([
    [{ method: "get" }, [true, true]],
    [{ method: "POST" }, [false, false]],
    [{ path: "/storefront/api-token" }, [true, false]],
    [{ path: "/stores/abc123/v3/storefront/api-token" }, [true, true]],
    [{ path: "storefront" }, [false, false]],
    [{ path: /token-private$/g }, [false, true]],
  ])("with %p", async (filter, expected) => {
    expect(await hits({ times: 9, ...filter }, [list, privateList])).toEqual(expected);
  });

  it("with a global pattern meets every request that it fits", async () => {
    expect(await hits({ times: 9, path: /api-token/g }, [list, list])).toEqual([true, true]);
  });

  it("is asked on the path alone, without the query", async () => {
    expect(await hits({ path: /api-token$/ }, [["GET", `${at("api-token")}?limit=1`]])).toEqual([true]);
  });

  it("counts a request that an earlier fault took", async () => {
    emulator.it.faults.push({ kind: "status", status: 500 });
    expect(await hits({ after: 1 }, [list, list, list])).toEqual([false, true, false]);
  });

  it("tells which faults have not fired", async () => {
    const fault: Fault = { kind: "status", status: 500, times: 2 };
    emulator.it.faults.push(fault);
    await call(emulator.it, ...list);
    expect(emulator.it.faults.unfired()).toEqual([fault]);
    await call(emulator.it, ...list);
    expect(emulator.it.faults.unfired()).toEqual([]);
  });

  it("forgets what was cleared", async () => {
    emulator.it.faults.push({ kind: "status", status: 500 });
    emulator.it.faults.clear();
    expect((await call(emulator.it, ...list)).status).toBe(200);
  });

  it.each([{ kind: "explode" }, { kind: "hang", times: 0 }, { kind: "hang", after: -1 }])(
    "refuses %p",
    (fault) => {
      expect(() => {
        emulator.it.faults.push(fault as Fault);
      }).toThrow(TypeError);
    },
  );
});
