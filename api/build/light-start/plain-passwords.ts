import type { Plugin } from 'rolldown';

const PREPARED = '\0plain-passwords';

/**
 * SASLprep changes nothing of a password in printable ASCII (RFC 4013, section 2): its tables of Unicode are unpacked
 * for the others alone.
 */
export function plainPasswords(): Plugin {
  let all: string | undefined;
  return {
    name: 'plain-passwords',
    async resolveId(asked, importer, options) {
      if (asked !== '@mongodb-js/saslprep') return null;
      all = (await this.resolve(asked, importer, { ...options, skipSelf: true }))?.id;
      return PREPARED;
    },
    load(id) {
      if (id !== PREPARED || all === undefined) return null;
      return `exports.saslprep = (password) => /^[ -~]*$/.test(password) ? password : require(${JSON.stringify(all)}).saslprep(password);`;
    },
  };
}
