import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["packages/*/test/**/*.test.ts", "plugins/*/test/**/*.test.ts", "tools/*/test/**/*.test.ts"],
          exclude: ["tools/integration/**"],
          // Some look at hundreds of random inputs, which a busy machine takes its time for.
          testTimeout: 20_000,
          // And vitest's own second is too short for what is waited for on one.
          expect: { poll: { timeout: 10_000 } },
        },
      },
      {
        test: {
          name: "integration",
          include: ["tools/integration/test/**/*.test.ts"],
          // These start real binaries: side by side on two cores they would time each other out.
          fileParallelism: false,
          maxConcurrency: 3,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // vitest's own second is too short for what a busy machine's processes are waited for.
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
  },
});
