// A module of its own: bundlers run an ES module's imports in their order, but may run an import of CommonJS, which the
// polyfill is, after those of ES modules.
import "reflect-metadata";
