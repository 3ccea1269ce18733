/**
 * The ways in which both servers are configured for what mails are sent for: the variables that our backend reads, and the
 * options of the original server that mean the same.
 */

/**
 * @typedef {object} Configuration
 * @property {Record<string, string>} variables beside those of `infra/local.env`
 * @property {(send: (mail: {user: {email: string}, url: string}) => Promise<void>) => object} options beside those that
 *   `reference-server.js` always gives
 */

/** @type {Record<string, Configuration>} */
export const configurations = {
  /** Links are there for who asks for them. */
  usual: {
    variables: {},
    options: () => ({ user: { changeEmail: { enabled: true }, deleteUser: { enabled: true } } }),
  },
  /** Nothing goes without a link. */
  careful: {
    variables: {
      REQUIRE_EMAIL_VERIFICATION: 'true',
      VERIFY_EMAIL_ON_SIGN_IN: 'true',
      SIGN_IN_AFTER_VERIFICATION: 'true',
      CONFIRM_CHANGE_EMAIL: 'true',
      CONFIRM_DELETE_USER: 'true',
      SECURITY_NOTICES: 'true',
    },
    options: (send) => ({
      emailAndPassword: { requireEmailVerification: true },
      emailVerification: { sendOnSignIn: true, autoSignInAfterVerification: true },
      user: {
        changeEmail: { enabled: true, sendChangeEmailConfirmation: send },
        deleteUser: { enabled: true, sendDeleteAccountVerification: send },
      },
    }),
  },
  /** Addresses are taken at their word, links come unasked, and accounts are for good. */
  trusting: {
    variables: {
      VERIFY_EMAIL_ON_SIGN_UP: 'true',
      CHANGE_UNVERIFIED_EMAIL_AT_ONCE: 'true',
      SIGN_IN_AFTER_VERIFICATION: 'true',
      DELETE_USER: 'false',
    },
    options: () => ({
      emailVerification: { sendOnSignUp: true, autoSignInAfterVerification: true },
      user: { changeEmail: { enabled: true, updateEmailWithoutVerification: true } },
    }),
  },
};
