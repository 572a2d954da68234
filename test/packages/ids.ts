/** The operations in the code of the package: its table is JSON in a string. */
export function idsOf(code: string): string[] {
  const [, table] = /JSON\.parse\(("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)\)/.exec(code) ?? [];
  if (table === undefined) throw new Error('The package holds no table');
  const quoted = table.startsWith('"') ? table : JSON.stringify(table.slice(1, -1).replaceAll("\\'", "'"));
  return Object.keys(JSON.parse(JSON.parse(quoted) as string) as object);
}
