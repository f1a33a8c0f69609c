import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findGroup } from "../src/server/find-group.js";

describe.runIf(process.platform !== "win32")("findGroup", () => {
  it("takes a number as it is", async () => {
    expect(await findGroup("1234")).toBe(1234);
  });

  it("looks a name up", async () => {
    const [name = "", , id] =
      readFileSync("/etc/group", "utf8")
        .split("\n")
        .filter((line) => !line.startsWith("#"))[0]
        ?.split(":") ?? [];
    expect(await findGroup(name)).toBe(Number(id));
  });

  it("refuses a name that is not there", async () => {
    await expect(findGroup("no-such-group")).rejects.toThrow(/no group is called "no-such-group"/);
  });
});
