// Its own file because `import(` is a syntax error in the Node versions that run.cjs turns away.
"use strict";

import("./src/main.mjs").then((main) => main.main(process.argv.slice(2)));
