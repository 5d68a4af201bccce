/** Asks the process that runs the editor; see workbench/api/control.ts. */
export async function askRunner(path: string, body = ''): Promise<string> {
  const response = await fetch(`${environment('TEST_CONTROL_URL')}${path}`, { method: 'POST', body });
  const said = await response.text();
  if (!response.ok) throw new Error(said);
  return said;
}

export function environment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: the tests were not started by their runner.`);
  return value;
}
