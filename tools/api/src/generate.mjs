// @ts-check
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Application, Converter, ReflectionKind } from "typedoc";
import { undocumented } from "./undocumented.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The packages that authors import. */
const packages = ["data", "protocol", "sdk", "host"];

/** Where the pages belong. */
export const apiRoot = join(root, "docs", "api");

/**
 * Writes the reference of all entry points into `out`, which is emptied first.
 *
 * @param {string} out absolute path of the folder to write
 * @returns {Promise<boolean>} false where a public export has no doc comment, or a link of one leads nowhere: it was said which
 */
export async function generate(out) {
  const entries = packages.flatMap(entryPoints);
  const app = await Application.bootstrapWithPlugins({
    plugin: ["typedoc-plugin-markdown"],
    name: "Framewright",
    entryPoints: entries.map(({ source }) => source),
    basePath: join(root, "packages"),
    tsconfig: join(root, "tools", "api", "tsconfig.json"),
    readme: "none",
    // With lines of sources in it, each change of code would be one of the pages.
    disableSources: true,
    disableGit: true,
    // The suite "types" checks them, with the compiler that builds the packages.
    skipErrorChecking: true,
    excludeExternals: true,
    excludePrivate: true,
    excludeInternal: true,
    sort: ["kind", "alphabetical"],
    validation: { notExported: false, notDocumented: false, invalidLink: true, rewrittenLink: false },
    logLevel: "Warn",
    ...markdown,
    outputs: [{ name: "markdown", path: out }],
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      const imported = entries.find(({ module: name }) => name === module.name)?.imported;
      module.name = imported ?? module.name;
    }
    // The types of an enum's members, beside the enum itself.
    for (const namespace of project.getReflectionsByKind(ReflectionKind.Namespace)) {
      project.removeReflection(namespace);
    }
  });
  const project = await app.convert();
  if (project === undefined) {
    return false;
  }
  app.validate(project);
  for (const name of undocumented(project)) {
    app.logger.error(`${name} has no doc comment`);
  }
  if (app.logger.hasErrors() || app.logger.hasWarnings()) {
    return false;
  }
  await app.generateOutputs(project);
  return !app.logger.hasErrors();
}

/**
 * What a package exports: the name it is imported by, its source, and what TypeDoc calls that module by itself.
 *
 * @param {string} name the package's folder
 */
function entryPoints(name) {
  const folder = join(root, "packages", name);
  /** @type {{ name: string, exports: Record<string, { default: string }> }} */
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return Object.entries(manifest.exports).map(([subpath, target]) => {
    const source = target.default.replace(/^\.\/dist/, "src").replace(/\.js$/, ".ts");
    return {
      imported: manifest.name + subpath.slice(1),
      source: join(folder, source),
      module: `${name}/${source}`.replace(/(\/index)?\.ts$/, ""),
    };
  });
}

/** One page an entry point, in tables where there is a list. */
const markdown = {
  outputFileStrategy: "modules",
  entryFileName: "README",
  hideBreadcrumbs: true,
  hidePageHeader: true,
  hideGroupHeadings: false,
  useCodeBlocks: true,
  indexFormat: "table",
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  classPropertiesFormat: "table",
  typeAliasPropertiesFormat: "table",
  propertyMembersFormat: "table",
  enumMembersFormat: "table",
  typeDeclarationFormat: "table",
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = (await generate(apiRoot)) ? 0 : 1;
}
