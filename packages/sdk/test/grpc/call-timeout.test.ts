import { describe, expect, it } from "vitest";
import { readTimeout } from "../../src/server/grpc/call-timeout.js";

describe("readTimeout", () => {
  it.each([
    ["1H", 3_600_000],
    ["2M", 120_000],
    ["3S", 3_000],
    ["4m", 4],
    ["5u", 0.005],
    ["6n", 0.000006],
    ["0S", 0],
    ["00000001S", 1_000],
    ["99999999H", 99_999_999 * 3_600_000],
  ])("reads %s", (header, ms) => {
    expect(readTimeout(header)).toBeCloseTo(ms, 9);
  });

  it.each(["", "S", "10", "-1S", "1.5S", "1e3S", "100000000S", "1s", "1SS", " 1S", "1S ", "1H\n", "१S"])(
    "takes %j for none",
    (header) => {
      expect(readTimeout(header)).toBeUndefined();
    },
  );
});
