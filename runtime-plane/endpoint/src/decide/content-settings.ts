/** How a policy wants content to be seen: `data.chaperone.dlp`, checked when the policy is loaded. */
import type { Json } from '@chaperone/policy';

export type ContentSettings = {
  readonly labels: {
    readonly names: Readonly<Record<string, string>>;
    readonly order: readonly string[];
    readonly paths: readonly { readonly under: string; readonly label: string }[];
  };
  readonly off: readonly string[];
  /** Detectors of the customer's own; checked by what looks into files, which knows their form. */
  readonly custom?: unknown;
  /** `copy`: a sealed copy also where the file itself could be handed over. */
  readonly hand_over: 'file' | 'copy';
};

export type ContentPlan = {
  readonly settings: ContentSettings;
  /** Whether a rule may look at content, so that what classifies is loaded before the first question. */
  readonly isRead: boolean;
};

const at = 'data.chaperone.dlp';

/** Whether a module's text speaks of what is in files. One that hides the word is served, too: by the workers, later. */
export function looksAtContent(source: string): boolean {
  return /\b(?:classification|labels|findings|label_change|previous)\b/.test(source);
}

/** @returns the settings, or one line that says what is wrong with them */
export function parseContentSettings(data: { readonly [name: string]: Json }): ContentSettings | string {
  const found = member(member(data, 'chaperone'), 'dlp');
  const { labels = {}, off = [], custom, hand_over: handOver = 'file', ...unknown } = (found ?? {}) as Fields;
  const wrong = Object.keys(unknown)[0];
  if (found !== undefined && !isObject(found)) return `${at} is not an object`;
  if (wrong !== undefined) return `${at} has an unknown field ${JSON.stringify(wrong)}`;
  if (!isTexts(off)) return `${at}.off is not a list of classes or detectors`;
  if (handOver !== 'file' && handOver !== 'copy') return `${at}.hand_over is neither "file" nor "copy"`;
  if (!isObject(labels)) return `${at}.labels is not an object`;
  const read = parseLabels(labels);
  if (typeof read === 'string') return read;
  return { labels: read, off, ...(custom === undefined ? {} : { custom }), hand_over: handOver };
}

type Fields = { readonly [name: string]: unknown };

function parseLabels(labels: Fields): ContentSettings['labels'] | string {
  const { names = {}, order = [], paths = [], ...unknown } = labels;
  const wrong = Object.keys(unknown)[0];
  if (wrong !== undefined) return `${at}.labels has an unknown field ${JSON.stringify(wrong)}`;
  if (!isObject(names) || !Object.values(names).every(isText))
    return `${at}.labels.names does not give a name for each id`;
  if (!isTexts(order)) return `${at}.labels.order is not a list of names, lowest first`;
  const lower = order.map((one) => one.toLowerCase());
  if (new Set(lower).size < lower.length) return `${at}.labels.order names a label twice`;
  if (!Array.isArray(paths) || !paths.every(isPathRule))
    return `${at}.labels.paths is not a list of {"under": absolute folder, "label": name}`;
  return {
    names: Object.fromEntries(
      Object.entries(names as Record<string, string>).map(([id, name]) => [id.toLowerCase(), name]),
    ),
    order: lower,
    paths: paths.map(({ under, label }) => ({
      under: under.length > 1 ? under.replace(/\/+$/, '') : under,
      label,
    })),
  };
}

function isPathRule(value: unknown): value is { under: string; label: string } {
  if (!isObject(value)) return false;
  const { under, label, ...unknown } = value;
  return isText(under) && under.startsWith('/') && isText(label) && Object.keys(unknown).length === 0;
}

function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 4096;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= 1000 && value.every(isText);
}
