/** What the API asks of an account, said before it is sent: a sentence where a value will not do. */
export type Rule = (value: string, all: Readonly<Record<string, string>>) => string | undefined;

/** The length that the API counts. */
function lengthOf(password: string): number {
  return Array.from(password.normalize("NFKC")).length;
}

export const validEmail: Rule = (value) => {
  if (value.trim() === "") {
    return "Enter your email address.";
  }
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim()) ? undefined : "This email address is not valid.";
};

export const givenPassword: Rule = (value) => (value === "" ? "Enter your password." : undefined);

export const newPassword: Rule = (value) => {
  if (lengthOf(value) < 8) {
    return "A password has at least 8 characters.";
  }
  return lengthOf(value) > 100 ? "A password has at most 100 characters." : undefined;
};

export const repeatedPassword: Rule = (value, { password }) =>
  value === password ? undefined : "The two passwords are not the same.";

export const validName: Rule = (value) =>
  Array.from(value.trim()).length > 100 ? "A name has at most 100 characters." : undefined;
