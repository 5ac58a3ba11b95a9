/** One file from bytes to a classification. */
import { detectors as shipped, textDetectors } from './detectors/index.ts';
import type { DlpHost, Limits, Source } from './document.ts';
import { defaultLimits, extract } from './documents/index.ts';
import type { Band, ClassCount, Classification, Finding, Label, Problem } from './finding.ts';
import { referenceScan } from './scan/reference.ts';

/** What the content of `source` is. Never throws for what the content is; what could not be read is in `problems`. */
export function classify(source: Source, host: DlpHost, limits: Limits = defaultLimits): Classification {
  let type = 'application/octet-stream';
  let scannedBytes = 0;
  const labels: Label[] = [];
  const problems: Problem[] = [];
  const findings: Finding[] = [];
  const classes = new Map<string, { count: number; values: Set<string>; confidence: Band }>();
  for (const item of extract(source, host, limits)) {
    if (item.kind === 'type') type = item.type;
    else if (item.kind === 'label') labels.push(item.label);
    else if (item.kind === 'problem') problems.push(item.problem);
    else {
      const text = binaryText(item.text);
      scannedBytes += text.length;
      for (const { detector, start, end, confidence, why } of referenceScan(text, shipped, textDetectors)) {
        const known = classes.get(detector.class) ?? { count: 0, values: new Set(), confidence: 65 };
        known.count += 1;
        known.values.add(text.slice(start, end));
        if (confidence > known.confidence) known.confidence = confidence;
        classes.set(detector.class, known);
        if (findings.length < limits.maxFindings)
          findings.push({
            detector: detector.id,
            class: detector.class,
            start,
            end,
            confidence,
            why,
            part: item.part,
          });
      }
    }
  }
  const counts: ClassCount[] = [...classes].map(([name, { count, values, confidence }]) => ({
    class: name,
    count,
    distinct: values.size,
    confidence,
  }));
  return { type, classes: counts, labels, findings, problems, complete: problems.length === 0, scannedBytes };
}

/** One character per byte. */
export function binaryText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
