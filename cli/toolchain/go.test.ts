import { describe, expect, it } from '@jest/globals';

import { explainBuildFailure } from './go.ts';

describe('explainBuildFailure', () => {
  it.each([
    {
      name: 'no network',
      output: 'go: k8s.io/api@v0.34.2: Get "https://proxy.example/…": dial tcp: lookup proxy.example: no such host',
      want: /module proxy cannot be reached/,
      hint: /GOPROXY/,
    },
    {
      name: 'GOPROXY=off',
      output: 'go: x@v1: module lookup disabled by GOPROXY=off',
      want: /module proxy cannot be reached/,
      hint: /GOPROXY/,
    },
    {
      name: 'an old Go without toolchain',
      output: 'go: go.mod requires go >= 1.24.0 (running go 1.22.1; GOTOOLCHAIN=local)',
      want: /too old/,
      hint: /Install Go 1\.24/,
    },
    {
      name: 'a full disk',
      output: 'write $WORK/b001/_pkg_.a: no space left on device',
      want: /disk is full/,
      hint: /GOCACHE/,
    },
    {
      name: 'too little memory',
      output: 'k8s.io/api: /usr/lib/go/compile: signal: killed',
      want: /out of memory/,
      hint: /3 GB/,
    },
    {
      name: 'a module that was changed',
      output: 'verifying x@v1: checksum mismatch\nSECURITY ERROR',
      want: /not the one that go\.sum names/,
      hint: /modcache/,
    },
    {
      name: 'something unknown, in the compiler’s words',
      output: 'x.go:1: syntax error',
      want: /x\.go:1: syntax error/,
      hint: /tools build/,
    },
  ])('names $name and what to do', ({ output, want, hint }) => {
    const error = explainBuildFailure('helm', output);
    expect(error.message).toMatch(want);
    expect(error.hint).toMatch(hint);
  });
});
