/** Keys of well-known makers, and what stands where people write passwords. */
const SECRETS = [
  /\b(?:sk|pk|rk)[-_](?:[a-zA-Z]+[-_])*[\w-]{16,}/g,
  /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|npm_|AIza|AKIA|ASIA|hf_)[\w-]{10,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /(?<=\b(?:bearer|basic|token)\s+)[\w.~+/=-]{12,}/gi,
  /(?<=(?:password|passwd|pwd|secret|token|api[_-]?key)["']?\s*[=:]\s*["']?)[^\s"'&;|]{4,}/gi,
  /(?<=:\/\/[^\s/:@]+:)[^\s/@]+(?=@)/g,
];

/** The text with what looks like a secret replaced: what agents do is shown to many, and may travel. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((masked, secret) => masked.replaceAll(secret, '•••'), text);
}
