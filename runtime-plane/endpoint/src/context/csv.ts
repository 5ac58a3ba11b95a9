/** Comma-separated values (RFC 4180), with semicolons or tabs as well: whichever the first line holds most of. */
export function csvRows(text: string): string[][] {
  const whole = text.replace(/^\ufeff/, '');
  const separator = separatorOf(whole.slice(0, whole.search(/\r?\n|$/)));
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at <= whole.length;) {
    const { value, end } = cellAt(whole, at, separator);
    row.push(value);
    if (whole[end] !== separator) {
      if (row.length > 1 || row[0] !== '') rows.push(row);
      row = [];
    }
    at = end + (whole.startsWith('\r\n', end) ? 2 : 1);
  }
  return rows;
}

function separatorOf(line: string): string {
  const counts = [',', ';', '\t'].map((one) => ({ one, count: line.split(one).length }));
  return counts.reduce((most, next) => (next.count > most.count ? next : most)).one;
}

/** @returns `end`: where the separator or the end of the line stands */
function cellAt(text: string, at: number, separator: string): { value: string; end: number } {
  let value = '';
  let start = at;
  if (text[at] === '"') {
    for (start = at + 1; start < text.length;) {
      const quote = text.indexOf('"', start);
      const until = quote < 0 ? text.length : quote;
      value += text.slice(start, until);
      start = until + 1;
      if (text[start] !== '"') break;
      value += '"';
      start += 1;
    }
  }
  let end = Math.min(start, text.length);
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return { value: value + text.slice(start, end), end };
}
