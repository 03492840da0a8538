/**
 * Builds Crossplane's packages of this project into a folder, without a registry and without a container engine:
 * provider.xpkg, function.xpkg, configuration.xpkg (image archives as `crossplane xpkg push -f` takes them),
 * install.yaml, which installs them, and controller.yaml, which runs the controller without Crossplane.
 *
 *   node scripts/package.mjs [--out dist/packages] [--registry HOST/PATH] [--tag vX.Y.Z] [--image IMAGE]
 *
 * `--registry` is where the packages will be pushed to: they name each other by it. `--image` is the image that
 * controller and function run from. The same sources give the same bytes.
 */
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

import { Header } from 'tar';
import { parse, parseAllDocuments, stringify } from 'yaml';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'crossplane/package');
const DEFAULT_REGISTRY = 'registry.example.com/palette-iac';
const DEFAULT_IMAGE = `${DEFAULT_REGISTRY}/palette-iac:latest`;
const BLOCK = 512;

const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const options = readOptions();
const { out, registry, tag } = options;
const image = options.image ?? `${registry}/palette-iac:${tag}`;
if (!/^[^/\s]+\.?[^/\s]*\/\S+$/.test(registry) || registry.startsWith('localhost'))
  fail(`--registry ${registry}: expected HOST/PATH; Crossplane takes no package from localhost, but from 127.0.0.1`);
if (!/^v\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(tag))
  fail(`--tag ${tag}: expected vX.Y.Z, for packages depend on each other by version`);

/** What each package holds beside its crossplane.yaml. */
const PACKAGES = {
  provider: ['crds'],
  function: ['function/input.yaml'],
  configuration: ['configuration/xrds', 'configuration/compositions'],
};

await mkdir(out, { recursive: true });
for (const [name, contents] of Object.entries(PACKAGES)) {
  const objects = (await Promise.all(contents.map(async (path) => readManifests(join(source, path))))).flat();
  const meta = parse(await readFile(join(source, name, 'crossplane.yaml'), 'utf8'));
  for (const dependency of meta.spec.dependsOn ?? []) {
    dependency.package = dependency.package.replace(DEFAULT_REGISTRY, registry);
    dependency.version = `>=${tag}`;
  }
  await write(`${name}.xpkg`, imageArchive(toYaml([meta, ...objects.map(placed)])));
}
await write(
  'install.yaml',
  toYaml([...(await readManifests(join(source, 'install/runtime.yaml'))).map(placed), ...installed()]),
);
await write('controller.yaml', toYaml((await readManifests(join(source, 'install/controller.yaml'))).map(placed)));

/** The objects in a file, or in all files of a folder. */
async function readManifests(path) {
  const files = path.endsWith('.yaml')
    ? [path]
    : (await readdir(path))
        .filter((file) => file.endsWith('.yaml'))
        .toSorted()
        .map((file) => join(path, file));
  const texts = await Promise.all(files.map(async (file) => readFile(file, 'utf8')));
  return texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS()));
}

/** The object with the names that follow from the registry, and with the image. */
function placed(object) {
  return JSON.parse(
    JSON.stringify(object, (key, value) => {
      if (key === 'functionRef') return { ...value, name: objectName('function') };
      return value === DEFAULT_IMAGE ? image : value;
    }),
  );
}

/** What tells the package manager to install them. */
function installed() {
  return Object.keys(PACKAGES).map((name) => ({
    apiVersion: 'pkg.crossplane.io/v1',
    kind: name.charAt(0).toUpperCase() + name.slice(1),
    metadata: { name: objectName(name) },
    spec: {
      package: `${registry}/${name}:${tag}`,
      ...(name === 'configuration' ? {} : { runtimeConfigRef: { name: `palette-iac-${name}` } }),
    },
  }));
}

/** As Crossplane names a package that it installs because another one depends on it. */
function objectName(name) {
  const repository = `${registry}/${name}`.replace(/^[^/]*\//, '');
  return repository
    .replaceAll(/[^a-z0-9./:-]/g, '')
    .replaceAll(/[./:]/g, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '');
}

function toYaml(objects) {
  return objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');
}

/**
 * An image of one layer with package.yaml. Archives have no annotations of layers: which layer is the package is said
 * by a label, as Crossplane's own builder does; a push makes it an annotation.
 *
 * @see https://github.com/crossplane/crossplane/blob/main/contributing/specifications/xpkg.md
 */
function imageArchive(packageYaml) {
  const layer = archive([{ path: 'package.yaml', content: Buffer.from(packageYaml) }]);
  const compressed = gzipSync(layer, { level: 9 });
  compressed[9] = 255; // the system that compressed, which must not matter
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: { Labels: { [`io.crossplane.xpkg:sha256:${sha256(compressed)}`]: 'base' } },
      rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
    }),
  );
  const layerFile = `${sha256(compressed)}.tar.gz`;
  const configFile = `sha256:${sha256(config)}`;
  const manifest = [{ Config: configFile, RepoTags: null, Layers: [layerFile] }];
  return archive([
    { path: configFile, content: config },
    { path: layerFile, content: compressed },
    { path: 'manifest.json', content: Buffer.from(JSON.stringify(manifest)) },
  ]);
}

/** A tar archive whose files were made in 1970 by nobody. */
function archive(files) {
  const blocks = files.flatMap(({ path, content }) => {
    const header = new Header({
      path,
      mode: 0o644,
      size: content.length,
      type: 'File',
      mtime: new Date(0),
      uid: 0,
      gid: 0,
    });
    header.encode();
    return [header.block, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

async function write(name, content) {
  const file = join(out, name);
  await writeFile(file, content);
  process.stdout.write(`${relative(process.cwd(), file)}  ${(content.length / 1024).toFixed(0)} KiB\n`);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        out: { type: 'string', default: join(root, 'dist/packages') },
        registry: { type: 'string', default: DEFAULT_REGISTRY },
        tag: { type: 'string', default: `v${version}` },
        image: { type: 'string' },
      },
    }).values;
  } catch (error) {
    return fail(`${error.message}. Options: --out FOLDER, --registry HOST/PATH, --tag vX.Y.Z, --image IMAGE`);
  }
}

function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(2);
}
