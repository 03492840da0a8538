/** What a scan found, in one form whatever tool looked: an artifact of the run beside the tool's own output. */
import { z } from 'zod';

/** The artifact's name. */
export const SCAN_REPORT = 'report.json';

const Count = z.int().nonnegative();

/** One check of kube-bench. */
const BenchLog = z.object({
  testId: z.string(),
  description: z.string(),
  expected: z.string(),
  remediation: z.string(),
  state: z.string(),
  value: z.string(),
});

export const BenchReport = z.object({
  /** For example `master` of a node. */
  name: z.string(),
  /** The benchmark, for example `cis-1.9`. */
  type: z.string(),
  pass: Count,
  fail: Count,
  warn: Count,
  info: Count,
  logs: z.array(BenchLog),
});
export type BenchReport = z.infer<typeof BenchReport>;

const HunterLog = z.object({
  testId: z.string(),
  severity: z.string(),
  vulnerability: z.string(),
  description: z.string(),
  evidence: z.string(),
  reference: z.string(),
});

export const HunterReport = z.object({ high: Count, medium: Count, low: Count, logs: z.array(HunterLog) });
export type HunterReport = z.infer<typeof HunterReport>;

const SonobuoyLog = z.object({
  description: z.string(),
  msg: z.string(),
  output: z.string(),
  path: z.string(),
  state: z.string(),
});

export const SonobuoyReport = z.object({
  plugin: z.string(),
  node: z.string(),
  status: z.string(),
  pass: Count,
  fail: Count,
  total: Count,
  /** Of tests that failed; the others would be thousands. */
  logs: z.array(SonobuoyLog),
});
export type SonobuoyReport = z.infer<typeof SonobuoyReport>;

export const SyftImage = z.object({
  image: z.string(),
  contexts: z.array(z.object({ namespace: z.string(), podName: z.string(), containerName: z.string() })),
  state: z.enum(['Completed', 'Failed']),
  message: z.string(),
  /** The artifact that holds the bill of materials. */
  artifact: z.string().optional(),
  dependencies: z.array(z.object({ name: z.string(), type: z.string(), version: z.string() })),
});
export type SyftImage = z.infer<typeof SyftImage>;

const Expiring = z.object({ name: z.string(), expiresAt: z.iso.datetime() });

/** Certificates of one machine, under the authorities that issued them. */
export const MachineCertificates = z.object({
  name: z.string(),
  authorities: z.array(Expiring.extend({ certificates: z.array(Expiring) })),
});
export type MachineCertificates = z.infer<typeof MachineCertificates>;

export const ScanReport = z.discriminatedUnion('driver', [
  /** By node and part of the benchmark. */
  z.object({ driver: z.literal('kube-bench'), at: z.iso.datetime(), reports: z.record(z.string(), BenchReport) }),
  z.object({ driver: z.literal('kube-hunter'), at: z.iso.datetime(), reports: z.record(z.string(), HunterReport) }),
  /** By plugin. */
  z.object({ driver: z.literal('sonobuoy'), at: z.iso.datetime(), reports: z.record(z.string(), SonobuoyReport) }),
  z.object({ driver: z.literal('syft'), at: z.iso.datetime(), format: z.string(), images: z.array(SyftImage) }),
  z.object({ driver: z.literal('certificates'), at: z.iso.datetime(), machines: z.array(MachineCertificates) }),
]);
export type ScanReport = z.infer<typeof ScanReport>;
export type ScanReportOf<D extends ScanReport['driver']> = Extract<ScanReport, { readonly driver: D }>;
