import * as pulumi from "@pulumi/pulumi";

/** True in a unit test of the program, under `pulumi.runtime.setMocks`: there is no engine and no provider process. */
export function isMocked(): boolean {
  const monitor: object | undefined = pulumi.runtime.getMonitor();
  return monitor !== undefined && "mocks" in monitor;
}
