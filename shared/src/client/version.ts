/** A constant, not a read of package.json, so that it survives every bundler; a test keeps the two equal. */
export const CLIENT_VERSION = '0.1.0';
