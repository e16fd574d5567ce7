/** The release, as CHANGELOG.md and every answer's X-Version header name it (semver). */
export const VERSION = "1.1.0";
