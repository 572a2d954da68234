/** A value that the stack gives to the function. Throws when it is missing: a function half configured must not start. */
export function env(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`The environment has no ${name}`);
  return value;
}
