/**
 * Without a language the desktop's is "C" (POSIX), and WebKitGTK 2.50 hands that on as `navigator.language`. No language of the
 * web is called so: whatever formats a number by it fails, the charts' library as soon as it is loaded. So this comes first.
 */
export function known(tags: readonly string[]): string[] {
  return tags.filter((tag) => {
    try {
      return Intl.getCanonicalLocales(tag).length > 0;
    } catch {
      return false;
    }
  });
}

if (typeof navigator !== 'undefined' && known([navigator.language]).length === 0) {
  const languages = [...known(navigator.languages), 'en'];
  Object.defineProperty(navigator, 'language', { value: languages[0] });
  Object.defineProperty(navigator, 'languages', { value: languages });
}
