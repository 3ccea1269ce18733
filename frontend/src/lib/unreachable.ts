/** What a person is told when no answer came that the API could have given. */
export const UNREACHABLE =
  "The server cannot be reached. Check your connection and try again; nothing you typed is lost.";
