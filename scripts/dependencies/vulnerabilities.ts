/** The report of `npm audit --json`, version 2. */
export interface AuditReport {
  readonly auditReportVersion?: number;
  /** Instead of a report: the registry has not responded, or has no advisories. */
  readonly message?: string;
  readonly vulnerabilities?: Readonly<Record<string, AuditedPackage>>;
}

interface AuditedPackage {
  readonly name: string;
  /** Its advisories, and the names of packages that it has them from. */
  readonly via: readonly (string | Advisory)[];
  /** Its folders, `node_modules/ws`. */
  readonly nodes: readonly string[];
}

interface Advisory {
  readonly title: string;
  readonly url: string;
  readonly severity: string;
}

/** Known vulnerabilities of packages, one in a line. */
export interface Vulnerabilities {
  /** Those in the program. */
  readonly program: readonly string[];
  /** Those that only run where the program is developed. */
  readonly tools: readonly string[];
}

/**
 * Divides a report by what it is about. Every package is a development dependency, because the program is bundled: npm
 * does not know which of them are in it. Throws for what is no report.
 */
export function vulnerabilitiesOf(report: AuditReport, bundled: ReadonlySet<string>): Vulnerabilities {
  const { auditReportVersion, vulnerabilities, message } = report;
  if (auditReportVersion !== 2 || vulnerabilities === undefined) {
    throw new Error(`npm audit made no report${message === undefined ? '' : `: ${message}`}`);
  }
  const [program, tools]: [string[], string[]] = [[], []];
  for (const { name, via, nodes } of Object.values(vulnerabilities)) {
    const lines = via.flatMap((advisory) =>
      typeof advisory === 'string' ? [] : [`${name} (${advisory.severity}): ${advisory.title}, ${advisory.url}`],
    );
    (nodes.some((folder) => bundled.has(folder)) ? program : tools).push(...lines);
  }
  return { program: program.sort(), tools: tools.sort() };
}
