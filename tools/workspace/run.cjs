// Entry of the root scripts. Written in the JavaScript of 2009, so that every Node can parse it and an old one gets a
// sentence, not a stack; everything newer is loaded after the check.
"use strict";

var fs = require("fs");
var path = require("path");
var nodeProblem = require("./check-node.cjs").nodeProblem;

var manifest = JSON.parse(fs.readFileSync(path.join(__dirname, "..", "..", "package.json"), "utf8"));
var problem = nodeProblem(manifest.engines.node, process.versions.node);
if (problem) {
  console.error(problem);
  process.exit(1);
}
require("./start.cjs");
