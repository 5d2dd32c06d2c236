/** A table as comma-separated values (RFC 4180). */
export function csv(rows: readonly (readonly (string | number | boolean | null | undefined)[])[]): string {
  return rows.map((row) => row.map(field).join(',') + '\r\n').join('');
}

function field(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return '';
  // Spreadsheets take these for formulas, and names of servers are what strangers say.
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
