import { describe, expect, test } from "vitest";
import { endsConnection, readServerError } from "../backend/postgres/server-error.js";

function read(content: string, behind = ""): ReturnType<typeof readServerError> {
  const bytes = Buffer.from(`before${content}${behind}`);
  return readServerError(bytes, 6, 6 + content.length);
}

describe("an error of the server", () => {
  test("has its fields", () => {
    expect(read("SFEHLER\0VERROR\0C42601\0Msyntax\0P7\0\0")).toEqual({
      severity: "ERROR",
      code: "42601",
      message: "syntax",
      detail: undefined,
      hint: undefined,
      position: 7,
    });
  });

  test.each(["", "\0", "Mcut", "C08006\0Mcut", "M"])("is read to its end and no further: %j", (content) => {
    for (const behind of ["", "Mnot its own\0\0"]) {
      expect(read(content, behind).message).toBe("the server gave no reason");
    }
  });

  test.each([
    ["SFATAL\0VFATAL\0C08P01\0\0", true],
    ["SPANIC\0CXX000\0\0", true],
    ["SERROR\0VERROR\0C08006\0\0", false],
    ["SERROR\0VERROR\0C57P01\0\0", false],
  ])("ends the connection by its severity, not its code: %j", (content, ends) => {
    expect(endsConnection(read(content))).toBe(ends);
  });
});
