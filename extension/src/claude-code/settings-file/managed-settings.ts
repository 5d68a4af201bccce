/** Where an organisation puts what its users cannot change. */
export function managedSettingsOf(platform: NodeJS.Platform): readonly string[] {
  if (platform === 'darwin') return ['/Library/Application Support/ClaudeCode/managed-settings.json'];
  if (platform !== 'win32') return ['/etc/claude-code/managed-settings.json'];
  return ['C:\\Program Files\\ClaudeCode\\managed-settings.json', 'C:\\ProgramData\\ClaudeCode\\managed-settings.json'];
}
