//! Tokens in mails: they describe themselves, so that no table holds them, and each dies with the state it was made for.
//!
//! A token is base64url, without padding, of the id of the key (4 bytes), its purpose (1), the user's id (16), when it expires in
//! seconds (8), a fingerprint of the state (16), the new address if it is for one, and HMAC-SHA-256 over all of that (32). It is
//! checked before anything is read. What makes it count once is the state: using it changes what the fingerprint was taken of,
//! in a write whose condition is that nobody else has.

use aws_lc_rs::{constant_time, digest, hmac};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use uuid::{Builder, Uuid};

use super::keys::{KeyRing, Keys};
use crate::domain::{Email, Timestamp, UserId};

/// What the holder of a token in a mail may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Set a new password.
    ResetPassword = 1,
    /// Prove that the address is theirs.
    VerifyEmail = 2,
    /// Agree, at the present address, to another one.
    ConfirmEmailChange = 3,
    /// Prove that the new address is theirs, and take it.
    VerifyEmailChange = 4,
    /// Delete the account.
    DeleteAccount = 5,
}

impl Purpose {
    /// How long a token for it counts, in seconds: a day for a deletion, which nobody is in a hurry for, an hour otherwise.
    pub const fn seconds(self) -> i64 {
        match self {
            Self::DeleteAccount => 24 * 60 * 60,
            _ => 60 * 60,
        }
    }

    fn of(byte: u8) -> Option<Self> {
        let all = [
            Self::ResetPassword,
            Self::VerifyEmail,
            Self::ConfirmEmailChange,
            Self::VerifyEmailChange,
            Self::DeleteAccount,
        ];
        all.into_iter().find(|purpose| *purpose as u8 == byte)
    }
}

/// A fingerprint of what a token was made for: it counts while that is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State([u8; STATE_BYTES]);

impl State {
    /// The fingerprint of `parts`: of an account's address, of when its password was changed, of the epoch of its sessions.
    pub fn of(keys: &Keys, parts: &[impl AsRef<str>]) -> Self {
        let mut context = hmac::Context::with_key(&keys.mail);
        context.update(b"state");
        for part in parts.iter().map(AsRef::as_ref) {
            // With their lengths, so that no two lists of parts read the same.
            context.update(&part.len().to_be_bytes());
            context.update(part.as_bytes());
        }
        let mut state = [0; STATE_BYTES];
        let tag = context.sign();
        for (byte, from) in state.iter_mut().zip(tag.as_ref()) {
            *byte = *from;
        }
        Self(state)
    }

    /// The fingerprint, as it is stored with a mail that is yet to be sent.
    pub fn to_text(self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The fingerprint in a text of [`State::to_text`].
    pub fn from_text(text: &str) -> Option<Self> {
        BASE64_URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailToken {
    /// What it is for.
    pub purpose: Purpose,
    /// Whose account.
    pub user_id: UserId,
    /// Until when it counts, to the second.
    pub expires_at: Timestamp,
    /// The state it was made for.
    pub state: State,
    /// The new address, in a token about one.
    pub new_email: Option<Email>,
}

/// Why a token does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTokenError {
    /// It is not ours, or for something else, or its state has changed.
    Invalid,
    /// It was ours, and has expired.
    Expired,
}

const KEY_ID_BYTES: usize = 4;
const ID_BYTES: usize = 16;
const TIME_BYTES: usize = 8;
const STATE_BYTES: usize = 16;
const MAC_BYTES: usize = 32;

impl MailToken {
    /// The text of the token, under the current key.
    pub fn issue(&self, keys: &KeyRing) -> String {
        let mut bytes = keys.current.session_key_id.to_vec();
        bytes.push(self.purpose as u8);
        bytes.extend_from_slice(self.user_id.0.as_bytes());
        bytes.extend_from_slice(&self.expires_at.seconds().to_be_bytes());
        bytes.extend_from_slice(&self.state.0);
        bytes.extend_from_slice(self.new_email.as_ref().map_or(&[], |email| email.as_str().as_bytes()));
        let mac = hmac::sign(&keys.current.mail, &bytes);
        bytes.extend_from_slice(mac.as_ref());
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a token that is for one of `purposes`. Whether its state still holds is to be asked with
    /// [`MailToken::is_for_state`].
    ///
    /// # Errors
    /// That it is not ours, of an unknown key, for something else, or expired.
    pub fn read(keys: &KeyRing, text: &str, purposes: &[Purpose], now: Timestamp) -> Result<Self, MailTokenError> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| MailTokenError::Invalid)?;
        let (signed, mac) = bytes.split_last_chunk::<MAC_BYTES>().ok_or(MailTokenError::Invalid)?;
        let (key_id, _) = signed.split_first_chunk::<KEY_ID_BYTES>().ok_or(MailTokenError::Invalid)?;
        let keys = keys.all().find(|keys| keys.session_key_id == *key_id).ok_or(MailTokenError::Invalid)?;
        hmac::verify(&keys.mail, signed, mac).map_err(|_| MailTokenError::Invalid)?;
        let token = Self::parse(signed).ok_or(MailTokenError::Invalid)?;
        if !purposes.contains(&token.purpose) {
            return Err(MailTokenError::Invalid);
        }
        if token.expires_at <= now {
            return Err(MailTokenError::Expired);
        }
        Ok(token)
    }

    /// Whether the token was made for a state of these parts, under any key that still verifies.
    pub fn is_for_state(&self, keys: &KeyRing, parts: &[impl AsRef<str>]) -> bool {
        keys.all().any(|keys| constant_time::verify_slices_are_equal(&self.state.0, &State::of(keys, parts).0).is_ok())
    }

    fn parse(signed: &[u8]) -> Option<Self> {
        let (_, rest) = signed.split_first_chunk::<KEY_ID_BYTES>()?;
        let (purpose, rest) = rest.split_first()?;
        let (user_id, rest) = rest.split_first_chunk::<ID_BYTES>()?;
        let (expires_at, rest) = rest.split_first_chunk::<TIME_BYTES>()?;
        let (state, new_email) = rest.split_first_chunk::<STATE_BYTES>()?;
        Some(Self {
            purpose: Purpose::of(*purpose)?,
            user_id: UserId(Uuid::from_bytes(*user_id)),
            expires_at: Timestamp::from_seconds(i64::from_be_bytes(*expires_at)),
            state: State(*state),
            new_email: match new_email {
                [] => None,
                email => Some(Email::parse(std::str::from_utf8(email).ok()?).ok()?),
            },
        })
    }
}

/// The id of a token, which tells nobody what it is: of a kind of its own (version 8 of RFC 9562), so that no random one meets it.
pub fn id_of(text: &str) -> Uuid {
    let mut id = [0; ID_BYTES];
    for (byte, from) in id.iter_mut().zip(digest::digest(&digest::SHA256, text.as_bytes()).as_ref()) {
        *byte = *from;
    }
    Builder::from_custom_bytes(id).into_uuid()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::identity::access_token::tests::{PRINCIPAL, key_ring};

    const SECRET: &str = "first-secret-0123456789-0123456789";
    const OTHER: &str = "other-secret-0123456789-0123456789";
    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
    const PARTS: [&str; 2] = ["ann@example.com", "1800000000000"];

    fn token(keys: &KeyRing, purpose: Purpose) -> MailToken {
        MailToken {
            purpose,
            user_id: PRINCIPAL.user_id,
            expires_at: NOW.plus_seconds(purpose.seconds()),
            state: State::of(&keys.current, &PARTS),
            new_email: (purpose == Purpose::VerifyEmailChange).then(|| Email::parse("new@example.com").unwrap()),
        }
    }

    #[test]
    fn a_token_counts_for_its_purpose_until_it_expires_and_while_its_state_holds() {
        let keys = key_ring(SECRET, None);
        for purpose in [Purpose::ResetPassword, Purpose::VerifyEmailChange, Purpose::DeleteAccount] {
            let token = token(&keys, purpose);
            let text = token.issue(&keys);
            assert_eq!(MailToken::read(&keys, &text, &[purpose], NOW), Ok(token.clone()));
            assert_eq!(MailToken::read(&keys, &text, &[Purpose::VerifyEmail], NOW), Err(MailTokenError::Invalid));
            let last = NOW.plus_seconds(purpose.seconds() - 1);
            assert!(MailToken::read(&keys, &text, &[purpose], last).is_ok());
            assert_eq!(MailToken::read(&keys, &text, &[purpose], last.plus_seconds(1)), Err(MailTokenError::Expired));
            assert!(token.is_for_state(&keys, &PARTS));
            assert!(!token.is_for_state(&keys, &["ann@example.com", "1800000000001"]));
            assert!(!token.is_for_state(&keys, &["ann@example.com1800000000000"]));
        }
    }

    #[test]
    fn a_token_counts_for_an_hour_and_for_a_day_if_it_deletes_an_account() {
        let seconds = [1, 2, 3, 4, 5].map(|byte| Purpose::of(byte).unwrap().seconds());
        assert_eq!(seconds, [3_600, 3_600, 3_600, 3_600, 86_400]);
        assert_eq!([0, 6].map(Purpose::of), [None; 2]);
    }

    #[test]
    fn a_state_is_what_its_text_says() {
        let state = State::of(&key_ring(SECRET, None).current, &PARTS);
        assert_eq!(State::from_text(&state.to_text()), Some(state));
        assert_eq!(state.to_text().len(), 22);
        for text in ["", "AA", &format!("{}A", state.to_text())] {
            assert_eq!(State::from_text(text), None, "{text}");
        }
    }

    #[test]
    fn tokens_have_ids_of_their_own_kind() {
        let [one, other] = ["a token", "another"].map(id_of);
        assert_eq!(one, id_of("a token"));
        assert_ne!(one, other);
        assert_eq!(one.get_version_num(), 8);
    }

    #[test]
    fn a_token_survives_one_rotation() {
        let old = key_ring(SECRET, None);
        let token = token(&old, Purpose::ResetPassword);
        let text = token.issue(&old);
        let rotated = key_ring(OTHER, Some(SECRET));
        assert!(
            MailToken::read(&rotated, &text, &[Purpose::ResetPassword], NOW).unwrap().is_for_state(&rotated, &PARTS)
        );
        assert!(MailToken::read(&key_ring(OTHER, None), &text, &[Purpose::ResetPassword], NOW).is_err());
    }

    #[test]
    fn no_changed_bit_and_no_length_is_accepted() {
        let keys = key_ring(SECRET, None);
        let text = token(&keys, Purpose::ResetPassword).issue(&keys);
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&text).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut forged = bytes.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            let forged = BASE64_URL_SAFE_NO_PAD.encode(forged);
            assert_eq!(
                MailToken::read(&keys, &forged, &[Purpose::ResetPassword], NOW),
                Err(MailTokenError::Invalid),
                "{bit}"
            );
        }
        for length in 0..text.len() {
            let cut = MailToken::read(&keys, &text[..length], &[Purpose::ResetPassword], NOW);
            assert_eq!(cut, Err(MailTokenError::Invalid), "{length}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(token in "\\PC{0,120}|[A-Za-z0-9_-]{0,140}") {
            prop_assert!(MailToken::read(&key_ring(SECRET, None), &token, &[Purpose::ResetPassword], NOW).is_err());
        }
    }
}
