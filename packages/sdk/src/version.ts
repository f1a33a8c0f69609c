/** Version of this package, as its package.json has it; a test holds the two together. */
export const SDK_VERSION = "0.1.0";
