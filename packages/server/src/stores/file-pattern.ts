/** Patterns of file names, `*` for any characters and `?` for one, separated by commas. */
export const FILE_PATTERN = /^[A-Za-z0-9._*?@+-]{1,64}(?:,[A-Za-z0-9._*?@+-]{1,64}){0,9}$/;

/** Whether a name is like one of the patterns; letters in either case. */
export function matchesPattern(name: string, patterns: string): boolean {
  return patterns.split(',').some((pattern) => isLike(name.toLowerCase(), pattern.toLowerCase()));
}

/** In time that grows with the product of the lengths, whatever the pattern. */
function isLike(name: string, pattern: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let tried = 0;
  while (at < name.length) {
    if (pattern[place] === '*') {
      star = place;
      tried = at;
      place += 1;
    } else if (pattern[place] === '?' || pattern[place] === name[at]) {
      at += 1;
      place += 1;
    } else if (star !== -1) {
      tried += 1;
      at = tried;
      place = star + 1;
    } else return false;
  }
  while (pattern[place] === '*') place += 1;
  return place === pattern.length;
}
