const NAMES =
  'password|passwd|passphrase|[_-]pass|pwd|secret|token|credentials?|(?:api|access|auth|private|secret)[_-]?key';

/** Keys of well-known makers, and what stands where people write passwords. Blanks are counted, or many would take long. */
const SECRETS = [
  /\b(?:sk|pk|rk)[-_](?:[a-zA-Z]+[-_])*[\w-]{16,}/g,
  /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|npm_|AIza|AKIA|ASIA|hf_)[\w-]{10,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /(?<=-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)[^-]+/g,
  /(?<=\b(?:bearer|basic|token)\s{1,3})[\w.~+/=-]{12,}/gi,
  new RegExp(String.raw`(?<=(?:${NAMES})["']?\s{0,3}[=:]\s{0,3})(?:"[^"]+"|'[^']+'|[^\s"'&;|]{4,})`, 'gi'),
  new RegExp(String.raw`(?<=\s--?(?:${NAMES})\s{1,3})(?:"[^"]+"|'[^']+'|[^\s"'&;|-][^\s"'&;|]{3,})`, 'gi'),
  /(?<=\s(?:-u|--user)[\s=]["']?[^\s:"']{1,100}:)[^\s"']+/g,
  /(?<=:\/\/[^\s/:@]{1,100}:)[^\s/]+(?=@)/g,
];

/** The text with what looks like a secret replaced: what agents do is shown to many, and may travel. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((masked, secret) => masked.replaceAll(secret, '•••'), text);
}
