import { type Frame, frame, integers, numbers, strings, times } from "@framewright/data";
import { expect, test } from "vitest";
import { checkRows } from "../src/check-rows.js";

const columns = ["time", "city", "temperature", "days"];
const noon = new Date("2024-05-31T12:00:00Z");

function answer(): Frame {
  return frame("weather", {
    time: times([noon, noon]),
    city: strings(["Seattle", null]),
    temperature: numbers([12.8, null]),
    days: integers([31n, 0n]),
  });
}

test("a frame that holds what is expected has no problem", () => {
  const rows = [
    [noon, "Seattle", 12.8, 31n],
    [noon, null, null, 0n],
  ];
  expect(checkRows(answer(), { columns, rows })).toEqual([]);
});

test("each cell that differs is named", () => {
  const rows = [
    [new Date("2024-05-31T13:00:00Z"), "New York", 12.9, 31],
    [noon, null, 0, 0n],
  ];
  expect(checkRows(answer(), { columns, rows })).toEqual([
    "row 0, time: 1717156800000000000 in the frame, 2024-05-31T13:00:00.000Z expected",
    "row 0, city: Seattle in the frame, New York expected",
    "row 0, temperature: 12.8 in the frame, 12.9 expected",
    "row 1, temperature: null in the frame, 0 expected",
    "row 0, days: 31 in the frame, 31 expected",
  ]);
});

test("other columns, too few rows and an answer without any are problems", () => {
  const [problem] = checkRows(answer(), { columns: ["time"], rows: [[noon], [noon]] });
  expect(problem).toBe("fields time expected, the frame has time, city, temperature, days");
  const row = [noon, "Seattle", 12.8, 31n];
  expect(checkRows(answer(), { columns, rows: [row, [noon, null, null, 0n], row] })).toEqual([
    "3 rows expected, and more than none; the frame has 2",
  ]);
  expect(checkRows(frame("none", { time: times([]) }), { columns: ["time"], rows: [] })).toEqual([
    "0 rows expected, and more than none; the frame has 0",
  ]);
});
