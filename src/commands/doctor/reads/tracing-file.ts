import { tracingFile, type TracingFile } from '../../../doctor/tracing-file.ts';
import { UsageError } from '../../../errors.ts';
import { NotReadable, readBounded } from '../../../files.ts';
import { systemErrorText } from '../../../format/system-error.ts';

/** Such a file has four lines, and comments. */
const MAX_BYTES = 1024 * 1024;

/** The file of `--tracing-config-file`; null without one. Rejects with a UsageError. */
export async function readTracingFile(path: string | undefined): Promise<TracingFile | null> {
  if (path === undefined) return null;
  let text: string;
  try {
    text = readBounded(path, MAX_BYTES).toString('utf8');
  } catch (error) {
    if (error instanceof NotReadable) throw invalid(path, error.message);
    const { code = 'error' } = error as NodeJS.ErrnoException;
    throw invalid(path, systemErrorText({ code, message: code }));
  }
  const found = tracingFile(path, await parse(path, text));
  if ('problem' in found) throw invalid(path, found.problem);
  return found;
}

async function parse(path: string, text: string): Promise<unknown> {
  const { parseYAML } = await import('../../../kube/manifest/yaml.ts');
  try {
    return parseYAML(text)[0];
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : String(error));
  }
}

const invalid = (path: string, why: string): UsageError =>
  new UsageError('InvalidTracingConfiguration', `${path} is not a TracingConfiguration: ${why}`, {
    hint: 'give a copy of the file that kube-apiserver has as --tracing-config-file',
  });
