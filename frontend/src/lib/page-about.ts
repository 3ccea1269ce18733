/**
 * The full address of a page about a mail address, such as the one that a link in a mail leads on to: the API may have another
 * origin than the pages. The mail address is in the fragment, which no request for a page carries.
 */
export function pageAbout(path: string, email: string): string {
  return `${window.location.origin + path}#${encodeURIComponent(email)}`;
}
