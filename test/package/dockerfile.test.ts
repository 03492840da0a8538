import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';
import { DockerfileParser, type Dockerfile, type From, type Instruction } from 'dockerfile-ast';
import { ValidationSeverity, validate } from 'dockerfile-utils';

import { mainFile, packageRoot } from '#cli/package-root';

let text = '';
let dockerfile: Dockerfile;
let ignored: string[];
beforeAll(async () => {
  text = await readFile(join(packageRoot, 'Dockerfile'), 'utf8');
  dockerfile = DockerfileParser.parse(text);
  ignored = (await readFile(join(packageRoot, '.dockerignore'), 'utf8')).split('\n');
});

const instructions = (keyword: string): Instruction[] =>
  dockerfile.getInstructions().filter((one) => one.getKeyword() === keyword);

/** Instructions of the stage that becomes the image. */
function finalStage(): Instruction[] {
  const last = dockerfile.getFROMs().at(-1);
  const line = last?.getRange().start.line ?? 0;
  return dockerfile.getInstructions().filter((one) => one.getRange().start.line >= line);
}

describe('the Dockerfile', () => {
  it('has no problem that the linter knows', () => {
    const problems = validate(text, {
      deprecatedMaintainer: ValidationSeverity.ERROR,
      directiveCasing: ValidationSeverity.ERROR,
      emptyContinuationLine: ValidationSeverity.ERROR,
      instructionCasing: ValidationSeverity.ERROR,
      instructionCmdMultiple: ValidationSeverity.ERROR,
      instructionEntrypointMultiple: ValidationSeverity.ERROR,
      instructionHealthcheckMultiple: ValidationSeverity.ERROR,
      instructionJSONInSingleQuotes: ValidationSeverity.ERROR,
      instructionWorkdirRelative: ValidationSeverity.ERROR,
    });
    expect(problems.map(({ message, range }) => `${range.start.line + 1}: ${JSON.stringify(message)}`)).toEqual([]);
  });

  it('names the tag of every base image, and never latest', () => {
    const images = dockerfile.getFROMs().map((from: From) => ({ tag: from.getImageTag(), image: from.getImage() }));
    for (const { tag, image } of images) {
      expect({ image, tag }).toEqual({ image, tag: expect.stringMatching(/^(?!latest$).+/) });
    }
    expect(images.length).toBeGreaterThan(1);
  });

  it('copies from stages that exist, and adds nothing from the network', () => {
    const stages = new Set(dockerfile.getFROMs().map((from: From) => from.getBuildStage()));
    const sources = dockerfile.getCOPYs().flatMap((copy) =>
      copy
        .getFlags()
        .filter((flag) => flag.getName() === 'from')
        .map((flag) => flag.getValue()),
    );
    for (const source of sources) expect(stages).toContain(source);
    expect(instructions('ADD')).toEqual([]);
    expect(text).not.toMatch(/curl|wget/);
  });

  it('runs without root, as the number that import manifests ask for', async () => {
    const user = finalStage()
      .findLast((one) => one.getKeyword() === 'USER')
      ?.getArgumentsContent();
    expect(user).toBe('65532:65532');
    const manifest = await readFile(join(packageRoot, 'plane/domain/clusters/import-manifest.ts'), 'utf8');
    expect(manifest).toContain('runAsUser: 65532');
  });

  it('starts palette, without a shell in between', () => {
    const entrypoint =
      finalStage()
        .find((one) => one.getKeyword() === 'ENTRYPOINT')
        ?.getArgumentsContent() ?? '';
    expect(JSON.parse(entrypoint)).toEqual(['/nodejs/bin/node', mainFile.replace(packageRoot, '/app')]);
  });

  it('leaves compilers, sources and development packages in the stages before', () => {
    expect(finalStage().filter((one) => one.getKeyword() === 'RUN')).toEqual([]);
    expect(text).toContain('npm prune --omit=dev');
  });

  it.each(['.git', '**/node_modules', 'dist', '**/*.key', '**/*.kubeconfig'])('is not given %s', (pattern) => {
    expect(ignored).toContain(pattern);
  });
});
