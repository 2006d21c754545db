/** A message says the same whatever name, number or text it quotes: its first words. */
export function withoutValues(message: string): string {
  const words = message.replaceAll(/"[^"]*"/g, '').match(/\b[A-Za-z_]{2,}\b/g) ?? [];
  return words.slice(0, 5).join(' ');
}
